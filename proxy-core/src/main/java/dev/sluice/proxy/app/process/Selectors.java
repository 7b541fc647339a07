package dev.sluice.proxy.app.process;

/**
 * Names the JDK's own selectors for Linux. Netty opens one as it loads epoll; without a name the JDK looks through every jar
 * for somebody else's, of which there are none: a tenth of a start.
 */
final class Selectors {
    /** Of {@link java.nio.channels.spi.SelectorProvider#provider}. */
    private static final String PROPERTY = "java.nio.channels.spi.SelectorProvider";

    private static final String LINUX = "sun.nio.ch.EPollSelectorProvider";

    private Selectors() {}

    /** Once, before the first selector; does nothing where that class is not, or another is asked for. */
    static void name() {
        if (System.getProperty(PROPERTY) != null) {
            return;
        }
        try {
            Class.forName(LINUX, false, null);
        } catch (ClassNotFoundException e) {
            return; // another system, or a JDK that has it elsewhere: the JDK finds its own
        }
        System.setProperty(PROPERTY, LINUX);
    }
}
