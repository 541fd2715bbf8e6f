package com.example.bank.show;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.stream.Stream;

import com.example.bank.embedded.EmbeddedDatabase;
import com.example.bank.embedded.EmbeddedDatabaseConfiguration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The page on a server that is not its own, where others are at work too.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "show.tour=false", "show.rate=10", "show.alone=1s" })
@ActiveProfiles("postgres")
@Timeout(600)
class OwnServerIntegrationTests {

	private static final String REASON = "The server is your own";

	private static final AnnotationConfigApplicationContext elsewhere = new AnnotationConfigApplicationContext(
			EmbeddedDatabaseConfiguration.class);

	private static final EmbeddedDatabase server = elsewhere.getBean(EmbeddedDatabase.class);

	private final HttpClient client = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@DynamicPropertySource
	static void connect(DynamicPropertyRegistry properties) {
		properties.add("BANK_DATABASE_URL", server::getJdbcUrl);
		properties.add("BANK_DATABASE_USER", server::getUsername);
		properties.add("BANK_DATABASE_PASSWORD", server::getPassword);
	}

	@AfterAll
	static void stop() {
		elsewhere.close();
	}

	@Test
	void endsItsOwnSessionsAndNoOthers() throws Exception {
		try (Connection foreign = session("payroll"); Connection own = session("resilient-db-sample")) {
			open();
			assertThat(send("PUT", "/show/faults/sessions").statusCode()).isEqualTo(204);
			Awaitility.await()
				.atMost(Duration.ofMinutes(2))
				.untilAsserted(() -> assertThatExceptionOfType(SQLException.class).isThrownBy(() -> isAlive(own)));
			assertThat(send("DELETE", "/show/faults/sessions").statusCode()).isEqualTo(204);
			awaitFrame((frame) -> frame.contains("over: all sessions ended"));
			assertThat(isAlive(foreign)).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "restart", "crash" })
	void doesNotStopTheServer(String fault) throws Exception {
		open();
		try (Connection foreign = session("payroll")) {
			HttpResponse<String> answer = send("PUT", "/show/faults/" + fault);
			assertThat(answer.statusCode()).isEqualTo(409);
			assertThat(answer.body()).contains(REASON);
			assertThat(isAlive(foreign)).isTrue();
		}
	}

	@Test
	@EnabledIf(value = "com.example.bank.show.Browser#isThere", disabledReason = Browser.DISABLED_REASON)
	void buttonsThatNeedTheServerAreDisabledAndSayWhy(@TempDir Path profile) {
		ChromeDriver browser = Browser.open(profile);
		try {
			browser.get("http://localhost:" + this.port + "/");
			Awaitility.await()
				.atMost(Duration.ofMinutes(2))
				.until(() -> browser.findElements(By.cssSelector("#faults button")).size() == 6);
			for (WebElement button : browser.findElements(By.cssSelector("#faults button"))) {
				boolean needsServer = button.getText().matches("(?s)(Restart|Crash) the server.*");
				assertThat("true".equals(button.getDomAttribute("aria-disabled"))).as("%s", button.getText())
					.isEqualTo(needsServer)
					.isEqualTo(button.getText().contains(REASON));
			}
		}
		finally {
			Browser.close(browser, profile);
		}
	}

	private void open() throws IOException, InterruptedException {
		awaitFrame((frame) -> frame.contains("\"stage\":\"OPEN\""));
	}

	private void awaitFrame(Predicate<String> condition) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(address("/show/stream")).build();
		try (Stream<String> lines = this.client.send(request, BodyHandlers.ofLines()).body()) {
			Iterator<String> frames = lines.iterator();
			boolean met = false;
			while (!met) {
				met = condition.test(frames.next());
			}
		}
	}

	private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(address(path)).method(method, BodyPublishers.noBody()).build();
		return this.client.send(request, BodyHandlers.ofString());
	}

	private URI address(String path) {
		return URI.create("http://localhost:" + this.port + path);
	}

	private static Connection session(String name) throws SQLException {
		Properties properties = new Properties();
		properties.setProperty("user", server.getUsername());
		properties.setProperty("password", server.getPassword());
		properties.setProperty("ApplicationName", name);
		return DriverManager.getConnection(server.getJdbcUrl(), properties);
	}

	private static boolean isAlive(Connection connection) throws SQLException {
		return connection.createStatement().executeQuery("select true").next();
	}

}
