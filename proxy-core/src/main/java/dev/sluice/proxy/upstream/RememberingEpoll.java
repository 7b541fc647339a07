package dev.sluice.proxy.upstream;

import dev.sluice.proxy.loop.ForwardingIo;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/**
 * Netty's epoll, cured of three habits.
 *
 * <p>It forgets half-closed sockets. When a channel waits for nothing (its peer has sent FIN, and
 * nothing is to be written now), Netty takes its descriptor out of epoll, but remembers it as being there: the next
 * write that does not fit the socket's buffer changes a registration that does not exist, fails with ENOENT and loses
 * what was to be sent. A client that shuts its sending side down and reads slowly would get part of its response.
 *
 * <p>Here such a descriptor stays in epoll, edge-triggered and without interest: that reports an error or a hang-up
 * once, so it cannot spin on them either, which is what Netty takes it out for. Seen in 4.2.18; {@code H1SocketsIT}
 * tells when a later version no longer needs this.
 *
 * <p>And it reads a socket to its end once the peer has sent FIN, asked for or not: what the kernel holds, six megabytes of
 * a socket as a rule, would be ours at once although the other side takes none of it. So nobody asks for that event. The end
 * of the input is found by reading, as everywhere else; a reset is told without asking.
 *
 * <p>And it takes all sockets that are ready into one turn, up to 4,096: with a thousand busy connections a turn lasted 20 to
 * 40 ms, and what was read first was written after all others had been read. In turns of {@value #EVENTS} the kernel's queue of
 * ready sockets goes round, first come, first served, at the same cost a request.
 */
final class RememberingEpoll extends ForwardingIo {
    /** Sockets a turn: as many full TLS handshakes, the dearest thing that one may ask for, are 5 ms. */
    private static final int EVENTS = 16;

    private RememberingEpoll(IoHandler netty) {
        super(netty);
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory netty = EpollIoHandler.newFactory(EVENTS, DefaultSelectStrategyFactory.INSTANCE);
        return executor -> new RememberingEpoll(netty.newHandler(executor));
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Registration(super.register(handle));
    }

    /** Belongs to its channel's event loop. */
    private static final class Registration implements IoRegistration {
        private final IoRegistration netty;
        private boolean added;

        Registration(IoRegistration netty) {
            this.netty = netty;
        }

        @Override
        public long submit(IoOps ops) {
            EpollIoOps wanted = ((EpollIoOps) ops).without(EpollIoOps.EPOLLRDHUP);
            boolean none = EpollIoOps.NONE.equals(wanted);
            if (none && (added || !EpollIoOps.NONE.equals(ops))) {
                added = true;
                netty.submit(EpollIoOps.EPOLLET);
                return 0;
            }
            added |= !none;
            return netty.submit(wanted);
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
        public <T> T attachment() {
            return netty.attachment();
        }

        @Override
        public boolean isValid() {
            return netty.isValid();
        }

        @Override
        public boolean cancel() {
            return netty.cancel();
        }
    }
}
