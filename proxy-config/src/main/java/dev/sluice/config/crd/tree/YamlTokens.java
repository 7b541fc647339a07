package dev.sluice.config.crd.tree;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;

/**
 * Jackson's YAML parser with what it keeps to itself: whether a scalar was quoted, its tag, and the start of every
 * token without an object for it. What a plain scalar means is left open, for Jackson's rules differ from Kubernetes' (no
 * octal, no {@code yes}, an empty value is "").
 */
final class YamlTokens extends YAMLParser implements Tokens {
    /** The most levels a document may have. */
    static final int MAX_DEPTH = 50;

    private static final Factory FACTORY = new Factory();

    private YamlTokens(IOContext context, int features, int formatFeatures, LoaderOptions options, Reader reader) {
        super(context, features, formatFeatures, options, null, reader);
    }

    /** The tokens of a text. */
    static YamlTokens over(String text) throws IOException {
        return (YamlTokens) FACTORY.createParser(text);
    }

    @Override
    public int line() {
        return _lastEvent == null ? 1 : _lastEvent.getStartMark().getLine() + 1;
    }

    @Override
    public int column() {
        return _lastEvent == null ? 1 : _lastEvent.getStartMark().getColumn() + 1;
    }

    @Override
    public String text() throws IOException {
        return getText();
    }

    @Override
    public boolean plain() {
        return _lastEvent instanceof ScalarEvent scalar && scalar.isPlain();
    }

    @Override
    public @Nullable String tag() {
        if (_lastEvent instanceof ScalarEvent scalar) {
            return scalar.getTag();
        }
        return _lastEvent instanceof CollectionStartEvent start ? start.getTag() : null;
    }

    @Override
    public @Nullable String anchor() {
        return _lastEvent instanceof NodeEvent node ? node.getAnchor() : null;
    }

    @Override
    protected JsonToken _decodeScalar(ScalarEvent scalar) {
        _textValue = scalar.getValue();
        _cleanedTextValue = null;
        return JsonToken.VALUE_STRING;
    }

    @Override
    protected Event getEvent() throws IOException {
        Event event;
        try {
            event = super.getEvent();
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
            String context = e.getContext() == null ? "" : " (" + e.getContext() + ")";
            throw new UnreadableYaml(
                    mark == null ? line() : mark.getLine() + 1,
                    mark == null ? column() : mark.getColumn() + 1,
                    Quote.clean(e.getProblem() + context));
        }
        boolean keyWanted = _parsingContext.inObject() && currentToken() != JsonToken.FIELD_NAME;
        if (keyWanted && event != null && !event.is(Event.ID.Scalar) && !event.is(Event.ID.MappingEnd)) {
            Mark mark = event.getStartMark();
            throw new UnreadableYaml(
                    mark.getLine() + 1,
                    mark.getColumn() + 1,
                    "a key must be a string, not an object, a list or an alias");
        }
        return event;
    }

    /** Makes these parsers, with the bounds that untrusted text needs. */
    private static final class Factory extends YAMLFactory {
        private static final long serialVersionUID = 1;

        Factory() {
            super(YAMLFactory.builder()
                    .loaderOptions(options())
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNameLength(YamlText.MAX_DOCUMENT)
                            .maxStringLength(YamlText.MAX_DOCUMENT)
                            .build()));
        }

        private static LoaderOptions options() {
            LoaderOptions options = new LoaderOptions();
            options.setCodePointLimit(YamlText.MAX_DOCUMENT);
            return options;
        }

        @Override
        protected YAMLParser _createParser(Reader reader, IOContext context) {
            return new YamlTokens(context, _parserFeatures, _yamlParserFeatures, _loaderOptions, reader);
        }
    }
}
