package com.example.bank.show;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
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
import org.openqa.selenium.Keys;
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

	@TempDir
	private static Path profile;

	private static ChromeDriver browser;

	private static Page page;

	@LocalServerPort
	private int port;

	@BeforeAll
	static void openBrowser() {
		browser = Browser.open(profile);
		page = new Page(browser);
	}

	@AfterAll
	static void closeBrowser() {
		Browser.close(browser, profile);
	}

	@BeforeEach
	void openPage() {
		String address = "http://localhost:" + this.port + "/";
		if (!address.equals(browser.getCurrentUrl())) {
			browser.get(address);
		}
		page.await(() -> browser.findElements(By.id("fault-commit-reply")).size() == 1
				&& page.counter("PLAIN", "calls") > 0 && page.counter("NAIVE", "calls") > 0
				&& page.counter("RETRYABLE", "calls") > 0);
	}

	@Test
	@Order(1)
	void isAccessibleInLightAndDarkWideAndNarrow() {
		for (String scheme : List.of("light", "dark")) {
			for (int width : List.of(1280, 360)) {
				page.look(scheme, width, 1250);
				// The charts follow the window a moment later
				page.await(() -> page.number("return document.documentElement.scrollWidth") <= width);
			}
			// Once in each width and in each scheme
			page.look(scheme, scheme.equals("light") ? 1280 : 360, 1250);
			assertThat(axe().analyze(browser).getViolations()).as("%s", scheme)
				.extracting(Rule::getId, Rule::getDescription, (rule) -> rule.getNodes().toString())
				.isEmpty();
		}
		page.look("light", 1280, 1250);
	}

	@Test
	@Order(2)
	void everyControlIsReachedByKeyboardAndShowsIt() {
		browser.executeScript("document.activeElement.blur(); window.scrollTo(0, 0)");
		List<String> controls = new ArrayList<>();
		String control = page.tab();
		while (!control.startsWith("BODY")) {
			assertThat(control).endsWith(" visible");
			controls.add(control.substring(0, control.lastIndexOf(' ')));
			control = page.tab();
		}
		assertThat(controls)
			.startsWith("A #banks", "BUTTON fault-sessions", "BUTTON fault-restart", "BUTTON fault-crash",
					"BUTTON fault-silence", "BUTTON fault-commit-request", "BUTTON fault-commit-reply",
					"BUTTON running", "BUTTON tour", "INPUT threads", "INPUT rate", "OL events")
			.filteredOn((name) -> name.startsWith("PRE"))
			.hasSize(3);
		WebElement fault = browser.findElement(By.id("fault-sessions"));
		fault.sendKeys(Keys.SPACE);
		page.await(() -> page.isPressed("sessions") || page.happened("sessions"));
		fault.sendKeys(Keys.ENTER);
		page.await(() -> !page.isPressed("sessions"));
	}

	@Test
	@Order(3)
	void lostReplyToCommitMakesTheDifference() {
		page.press("commit-reply");
		page.await(() -> page.counter("PLAIN", "failedYetBooked") > 0 && page.counter("NAIVE", "bookedTwice") > 0
				&& page.counter("RETRYABLE", "lookedUp") > 0);
		assertThat(page.verdict("PLAIN")).contains("failed");
		assertThat(page.verdict("NAIVE")).contains("booked twice");
		assertThatNothingIsWrong();
		page.await(() -> !page.isPressed("commit-reply"));
	}

	@Test
	@Order(4)
	void eachButtonBreaksSomethingAndEndsIt() {
		for (String fault : List.of("sessions", "silence", "restart", "crash", "commit-request")) {
			page.press(fault);
			page.await(() -> page.isPressed(fault) || page.happened(fault));
			page.release(fault);
			page.await(() -> !page.isPressed(fault) && page.happened(fault));
		}
		long calls = page.counter("RETRYABLE", "calls");
		page.await(() -> page.counter("RETRYABLE", "calls") > calls);
		assertThat(page.counter("PLAIN", "failed")).isPositive();
		assertThat(page.counter("RETRYABLE", "reruns")).isPositive();
		assertThatNothingIsWrong();
		picture();
	}

	@Test
	@Order(5)
	void loadCanBeChangedStoppedAndStarted() {
		browser.executeScript("""
				const rate = document.getElementById('rate');
				rate.value = 100;
				rate.dispatchEvent(new Event('input'));""");
		page.await(() -> page.number("return fetch('show/stream').then(async (answer) => {"
				+ "const reader = answer.body.getReader(); const text = new TextDecoder().decode((await reader.read()).value);"
				+ "reader.cancel(); return Number(/\"rate\":(\\d+)/.exec(text)[1]); })") == 100);
		WebElement running = browser.findElement(By.id("running"));
		running.click();
		page.await(() -> running.getText().equals("Start the load"));
		running.click();
		page.await(() -> running.getText().equals("Stop the load"));
		long calls = page.counter("RETRYABLE", "calls");
		page.await(() -> page.counter("RETRYABLE", "calls") > calls);
	}

	@Test
	@Order(6)
	void showsHowTheMethodIsWritten() {
		assertThat(browser.findElements(By.cssSelector(".source mark"))).extracting((mark) -> mark.getText().strip())
			.anyMatch((line) -> line.equals("@RetryableTransaction"))
			.anyMatch((line) -> line.startsWith("@Retryable("))
			.filteredOn((line) -> line.equals("@Transactional"))
			.hasSize(2);
	}

	@Test
	@Order(7)
	void consoleHasNoErrors() {
		assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
			.filteredOn((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.isEmpty();
	}

	private static AxeBuilder axe() {
		AxeBuilder axe = new AxeBuilder();
		axe.setTimeout((int) Browser.PATIENCE.toSeconds());
		return axe;
	}

	private void assertThatNothingIsWrong() {
		for (String counter : List.of("failed", "failedYetBooked", "bookedTwice", "lost")) {
			assertThat(page.counter("RETRYABLE", counter)).as(counter).isZero();
		}
		assertThat(page.text("RETRYABLE", "off")).isEqualTo("0.00");
	}

	/**
	 * Make the picture, if somebody asks for it, while something is broken.
	 */
	private void picture() {
		if (Picture.isWanted()) {
			page.look("light", 1280, 815);
			byte[] screenshot = null;
			page.await(() -> page.number("return state.points.at(-1).time - state.points[0].time") > 55_000);
			while (screenshot == null) {
				page.await(() -> !page.isPressed("sessions"));
				long failed = page.counter("PLAIN", "failed");
				page.press("sessions");
				page.await(() -> page.isPressed("sessions"));
				page.await(() -> page.counter("PLAIN", "failed") > failed + 5 || !page.isPressed("sessions"));
				boolean inForce = page.isPressed("sessions");
				byte[] taken = browser.getScreenshotAs(OutputType.BYTES);
				screenshot = (inForce && page.isPressed("sessions")) ? taken : null;
			}
			Picture.write(screenshot);
		}
	}

}
