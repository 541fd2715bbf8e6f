package io.github.resilientdb.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.PortBinding;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A server in a container that Testcontainers started. The container is stopped by a
 * signal to the postmaster and started again as it is, so its data survive, and its port
 * of the host is bound for good.
 */
public final class ContainerPostgresServer extends PostgresServer {

	private static final String IMAGE = System.getProperty("resilientdb.test.image", "postgres:15");

	private final int port = Ports.free();

	private final PostgreSQLContainer container = plainContainer().withDatabaseName(database())
		.withUsername(username())
		.withPassword(password())
		.withCommand("postgres", "-c", "synchronous_commit=on", "-c", "fsync=off", "-c", "max_connections=100", "-c",
				"max_prepared_transactions=10")
		.withCreateContainerCmdModifier((command) -> command.getHostConfig()
			.withPortBindings(PortBinding.parse(this.port + ":" + PostgreSQLContainer.POSTGRESQL_PORT)))
		.waitingFor(Wait.forListeningPort());

	/**
	 * Make a container of the image that the tests use, with nothing configured.
	 * @return one that was not started
	 */
	public static PostgreSQLContainer plainContainer() {
		return new PostgreSQLContainer(DockerImageName.parse(IMAGE).asCompatibleSubstituteFor("postgres"));
	}

	@Override
	public synchronized void start() {
		if (this.container.getContainerId() == null) {
			this.container.start();
		}
		else if (!isRunning()) {
			docker().startContainerCmd(this.container.getContainerId()).exec();
		}
		awaitConnections();
	}

	@Override
	public synchronized void stop(Mode mode) {
		if (!isRunning()) {
			return;
		}
		resume();
		docker().killContainerCmd(this.container.getContainerId())
			.withSignal((mode == Mode.FAST) ? "SIGINT" : "SIGQUIT")
			.exec();
		Conditions.await(this + " stopped", PATIENCE, () -> !isRunning());
	}

	@Override
	public boolean isRunning() {
		return this.container.getContainerId() != null && Boolean.TRUE.equals(state().getRunning());
	}

	@Override
	public synchronized void pause() {
		docker().pauseContainerCmd(this.container.getContainerId()).exec();
	}

	@Override
	public synchronized void resume() {
		if (this.container.getContainerId() != null && Boolean.TRUE.equals(state().getPaused())) {
			docker().unpauseContainerCmd(this.container.getContainerId()).exec();
		}
	}

	@Override
	protected void signalBackend(int pid) {
		try {
			int exitCode = this.container.execInContainer("bash", "-c", "kill -KILL " + pid).getExitCode();
			if (exitCode != 0) {
				throw new IllegalStateException("Exit code " + exitCode + " of kill");
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while killing backend " + pid, ex);
		}
	}

	private ContainerState state() {
		return docker().inspectContainerCmd(this.container.getContainerId()).exec().getState();
	}

	private DockerClient docker() {
		return this.container.getDockerClient();
	}

	@Override
	public String host() {
		return this.container.getHost();
	}

	@Override
	public int port() {
		return this.port;
	}

	@Override
	public synchronized void close() {
		resume();
		this.container.stop();
	}

}
