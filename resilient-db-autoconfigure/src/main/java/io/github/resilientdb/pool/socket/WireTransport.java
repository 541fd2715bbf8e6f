package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Set;

/**
 * Lets a {@link java.net.Socket} stand on a {@link Wire}: its state, addresses and
 * options are the JDK's own, only the bytes go another way.
 */
final class WireTransport extends SocketImpl {

	private final Wire wire;

	WireTransport(Wire wire) {
		this.wire = wire;
	}

	@Override
	protected void create(boolean stream) {
		// the channel is open since construction
	}

	@Override
	protected void connect(String host, int port) throws IOException {
		connect(new InetSocketAddress(host, port), 0);
	}

	@Override
	protected void connect(InetAddress address, int port) throws IOException {
		connect(new InetSocketAddress(address, port), 0);
	}

	@Override
	protected void connect(SocketAddress address, int timeout) throws IOException {
		InetSocketAddress remote = (InetSocketAddress) address;
		this.address = remote.getAddress();
		this.port = remote.getPort();
		this.wire.connect(remote, timeout);
		this.localport = local().getPort();
	}

	@Override
	protected void bind(InetAddress host, int port) throws IOException {
		this.wire.channel().bind(new InetSocketAddress(host, port));
		this.localport = local().getPort();
	}

	@Override
	protected void listen(int backlog) {
		throw new UnsupportedOperationException("A client socket cannot listen");
	}

	@Override
	protected void accept(SocketImpl socket) {
		throw new UnsupportedOperationException("A client socket cannot accept");
	}

	@Override
	protected InputStream getInputStream() {
		return new WireInputStream(this.wire, this.wire);
	}

	@Override
	protected OutputStream getOutputStream() {
		return new WireOutputStream(this.wire, this.wire);
	}

	@Override
	protected int available() throws IOException {
		return this.wire.available();
	}

	@Override
	protected void close() throws IOException {
		this.wire.close();
	}

	@Override
	protected void shutdownInput() throws IOException {
		this.wire.shutdownInput();
	}

	@Override
	protected void shutdownOutput() throws IOException {
		this.wire.channel().shutdownOutput();
	}

	@Override
	protected void sendUrgentData(int data) throws IOException {
		throw new SocketException("Urgent data not supported");
	}

	@Override
	protected Set<SocketOption<?>> supportedOptions() {
		return this.wire.channel().supportedOptions();
	}

	@Override
	protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
		this.wire.channel().setOption(name, value);
	}

	@Override
	protected <T> T getOption(SocketOption<T> name) throws IOException {
		return this.wire.channel().getOption(name);
	}

	@Override
	public void setOption(int id, Object value) throws SocketException {
		try {
			if (id == SO_TIMEOUT) {
				this.wire.traffic().readTimeout((Integer) value);
			}
			else {
				set(option(id), (Boolean.FALSE.equals(value) && id == SO_LINGER) ? Integer.valueOf(-1) : value);
			}
		}
		catch (IOException ex) {
			throw socketException(ex);
		}
	}

	@Override
	public Object getOption(int id) throws SocketException {
		try {
			return switch (id) {
				case SO_TIMEOUT -> this.wire.traffic().readTimeout();
				case SO_BINDADDR -> local().getAddress();
				default -> this.wire.channel().getOption(option(id));
			};
		}
		catch (IOException ex) {
			throw socketException(ex);
		}
	}

	private <T> void set(SocketOption<T> option, Object value) throws IOException {
		this.wire.channel().setOption(option, option.type().cast(value));
	}

	private InetSocketAddress local() throws IOException {
		return (InetSocketAddress) this.wire.channel().getLocalAddress();
	}

	private static SocketOption<?> option(int id) throws SocketException {
		return switch (id) {
			case TCP_NODELAY -> StandardSocketOptions.TCP_NODELAY;
			case SO_KEEPALIVE -> StandardSocketOptions.SO_KEEPALIVE;
			case SO_RCVBUF -> StandardSocketOptions.SO_RCVBUF;
			case SO_SNDBUF -> StandardSocketOptions.SO_SNDBUF;
			case SO_LINGER -> StandardSocketOptions.SO_LINGER;
			case SO_REUSEADDR -> StandardSocketOptions.SO_REUSEADDR;
			case IP_TOS -> StandardSocketOptions.IP_TOS;
			default -> throw new SocketException("Unsupported socket option " + id);
		};
	}

	private static SocketException socketException(IOException ex) {
		return (ex instanceof SocketException exception) ? exception
				: (SocketException) new SocketException("Socket is closed").initCause(ex);
	}

}
