package dev.sluice.proxy.e2e;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;

/** gRPC whose messages are their UTF-8 text: no protobuf is needed to test a proxy. */
final class GrpcText implements MethodDescriptor.Marshaller<String> {
    private GrpcText() {}

    /** A method of the service {@code test.Echo}. */
    static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName("test.Echo/" + name)
                .setRequestMarshaller(new GrpcText())
                .setResponseMarshaller(new GrpcText())
                .build();
    }

    /** Messages, and at the end the status' code. */
    static StreamObserver<String> into(Queue<String> got) {
        return new StreamObserver<>() {
            @Override
            public void onNext(String message) {
                got.add(message);
            }

            @Override
            public void onError(Throwable failure) {
                got.add(Status.fromThrowable(failure).getCode().name());
            }

            @Override
            public void onCompleted() {
                got.add("OK");
            }
        };
    }

    /** Answers each message with {@code name} and itself. */
    static StreamObserver<String> echoing(String name, StreamObserver<String> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(String message) {
                answers.onNext(name + " " + message);
            }

            @Override
            public void onError(Throwable failure) {
                answers.onError(failure);
            }

            @Override
            public void onCompleted() {
                answers.onCompleted();
            }
        };
    }

    @Override
    public InputStream stream(String value) {
        return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
