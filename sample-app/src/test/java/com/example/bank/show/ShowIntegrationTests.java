package com.example.bank.show;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;

import javax.imageio.ImageIO;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page in a browser, if Debian's Chromium is there. With
 * {@code -Dresilientdb.test.screenshot=true} it makes the picture of the README anew.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "show.tour=false")
@EnabledIf(value = "com.example.bank.show.Browser#isThere", disabledReason = Browser.DISABLED_REASON)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ShowIntegrationTests {

	private static final Path PICTURE = Path.of("../docs/images/page.png");

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	@TempDir
	private static Path profile;

	private static ChromeDriver browser;

	@LocalServerPort
	private int port;

	@BeforeAll
	static void openBrowser() {
		browser = Browser.open(profile);
	}

	@AfterAll
	static void closeBrowser() {
		browser.quit();
	}

	@BeforeEach
	void openPage() {
		String address = "http://localhost:" + this.port + "/";
		if (!address.equals(browser.getCurrentUrl())) {
			browser.get(address);
		}
		await(() -> browser.findElements(By.id("fault-commit-reply")).size() == 1 && counter("PLAIN", "calls") > 0
				&& counter("NAIVE", "calls") > 0 && counter("RETRYABLE", "calls") > 0);
	}

	@Test
	@Order(1)
	void isAccessibleInLightAndDarkWideAndNarrow() {
		for (String scheme : List.of("light", "dark")) {
			for (int width : List.of(1280, 360)) {
				look(scheme, width, 1250);
				// The charts follow the window a moment later
				await(() -> number("return document.documentElement.scrollWidth") <= width);
			}
			// Once in each width and in each scheme
			look(scheme, scheme.equals("light") ? 1280 : 360, 1250);
			assertThat(new AxeBuilder().analyze(browser).getViolations()).as("%s", scheme)
				.extracting(Rule::getId, Rule::getDescription, (rule) -> rule.getNodes().toString())
				.isEmpty();
		}
		look("light", 1280, 1250);
	}

	@Test
	@Order(2)
	void lostReplyToCommitMakesTheDifference() {
		press("commit-reply");
		await(() -> counter("PLAIN", "failedYetBooked") > 0 && counter("NAIVE", "bookedTwice") > 0
				&& counter("RETRYABLE", "lookedUp") > 0);
		assertThat(verdict("PLAIN")).contains("failed");
		assertThat(verdict("NAIVE")).contains("booked twice");
		assertThatNothingIsWrong();
		await(() -> !isPressed("commit-reply"));
	}

	@Test
	@Order(3)
	void eachButtonBreaksSomethingAndEndsIt() {
		for (String fault : List.of("sessions", "silence", "restart", "crash", "commit-request")) {
			press(fault);
			await(() -> isPressed(fault) || happened(fault));
			if (isPressed(fault)) {
				press(fault);
			}
			await(() -> !isPressed(fault) && happened(fault));
		}
		long calls = counter("RETRYABLE", "calls");
		await(() -> counter("RETRYABLE", "calls") > calls);
		assertThat(counter("PLAIN", "failed")).isPositive();
		assertThat(counter("RETRYABLE", "reruns")).isPositive();
		assertThatNothingIsWrong();
		picture();
	}

	@Test
	@Order(4)
	void loadCanBeChangedStoppedAndStarted() {
		browser.executeScript("""
				const rate = document.getElementById('rate');
				rate.value = 100;
				rate.dispatchEvent(new Event('input'));""");
		await(() -> number("return fetch('show/stream').then(async (answer) => {"
				+ "const reader = answer.body.getReader(); const text = new TextDecoder().decode((await reader.read()).value);"
				+ "reader.cancel(); return Number(/\"rate\":(\\d+)/.exec(text)[1]); })") == 100);
		WebElement running = browser.findElement(By.id("running"));
		running.click();
		await(() -> running.getText().equals("Start the load"));
		running.click();
		await(() -> running.getText().equals("Stop the load"));
		long calls = counter("RETRYABLE", "calls");
		await(() -> counter("RETRYABLE", "calls") > calls);
	}

	@Test
	@Order(5)
	void showsHowTheMethodIsWritten() {
		assertThat(browser.findElements(By.cssSelector(".source mark"))).extracting((mark) -> mark.getText().strip())
			.anyMatch((line) -> line.equals("@RetryableTransaction"))
			.anyMatch((line) -> line.startsWith("@Retryable("))
			.filteredOn((line) -> line.equals("@Transactional"))
			.hasSize(2);
	}

	@Test
	@Order(6)
	void consoleHasNoErrors() {
		assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
			.filteredOn((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.isEmpty();
	}

	private void assertThatNothingIsWrong() {
		for (String counter : List.of("failed", "failedYetBooked", "bookedTwice", "lost")) {
			assertThat(counter("RETRYABLE", counter)).as(counter).isZero();
		}
		assertThat(text("RETRYABLE", "off")).isEqualTo("0.00");
	}

	/**
	 * Make the picture, if somebody asks for it, while something is broken.
	 */
	private void picture() {
		if (Boolean.getBoolean("resilientdb.test.screenshot")) {
			look("light", 1280, 815);
			byte[] screenshot = null;
			await(() -> number("return state.points.at(-1).time - state.points[0].time") > 55_000);
			while (screenshot == null) {
				await(() -> !isPressed("sessions"));
				long failed = counter("PLAIN", "failed");
				press("sessions");
				await(() -> isPressed("sessions"));
				await(() -> counter("PLAIN", "failed") > failed + 5 || !isPressed("sessions"));
				boolean inForce = isPressed("sessions");
				byte[] taken = browser.getScreenshotAs(OutputType.BYTES);
				screenshot = (inForce && isPressed("sessions")) ? taken : null;
			}
			try {
				Files.createDirectories(PICTURE.getParent());
				ImageIO.write(compressible(screenshot), "png", PICTURE.toFile());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	/**
	 * A quarter of the shades does for a picture, and makes it smaller by a quarter.
	 */
	private BufferedImage compressible(byte[] screenshot) throws IOException {
		BufferedImage image = ImageIO.read(new ByteArrayInputStream(screenshot));
		BufferedImage coarse = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
		for (int x = 0; x < image.getWidth(); x++) {
			for (int y = 0; y < image.getHeight(); y++) {
				coarse.setRGB(x, y, image.getRGB(x, y) | 0x030303);
			}
		}
		return coarse;
	}

	private void look(String scheme, int width, int height) {
		browser.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
		browser.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
	}

	private void press(String fault) {
		browser.findElement(By.id("fault-" + fault)).click();
	}

	private boolean isPressed(String fault) {
		return "true".equals(browser.findElement(By.id("fault-" + fault)).getDomAttribute("aria-pressed"));
	}

	private boolean happened(String fault) {
		String effect = Map
			.of("sessions", "all sessions ended", "silence", "network silent", "restart", "server restarting", "crash",
					"server crashed", "commit-request", "COMMITs lost")
			.get(fault);
		return String.valueOf(browser.executeScript("return document.getElementById('events').textContent"))
			.contains("over: " + effect);
	}

	private long counter(String lane, String name) {
		return Long.parseLong(text(lane, name).replace(",", ""));
	}

	private String text(String lane, String name) {
		return String.valueOf(browser.executeScript(
				"return document.querySelector('[data-lane=%s] [data-counter=%s]').textContent".formatted(lane, name)));
	}

	private String verdict(String lane) {
		return String.valueOf(browser
			.executeScript("return document.querySelector('[data-lane=%s] .verdict').textContent".formatted(lane)));
	}

	private long number(String script) {
		Object value = browser.executeScript(script);
		return (value instanceof Number number) ? number.longValue() : -1;
	}

	private void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(condition);
	}

}
