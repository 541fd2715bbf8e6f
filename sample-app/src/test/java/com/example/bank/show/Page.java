package com.example.bank.show;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.chrome.ChromeDriver;

/**
 * What there is on the page, and what can be done there.
 */
final class Page {

	private final ChromeDriver browser;

	Page(ChromeDriver browser) {
		this.browser = browser;
	}

	void look(String scheme, int width, int height) {
		this.browser.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
		this.browser.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
	}

	/**
	 * Go to the next control, and return what it is and whether one sees that it has the
	 * focus.
	 */
	String tab() {
		this.browser.switchTo().activeElement().sendKeys(Keys.TAB);
		return String.valueOf(this.browser.executeScript("""
				const control = document.activeElement;
				const box = control.getBoundingClientRect();
				const style = getComputedStyle(control);
				const seen = style.outlineStyle == 'solid' && parseFloat(style.outlineWidth) >= 2
					&& box.width > 0 && box.right > 0 && box.bottom > 0 && box.top < innerHeight;
				return [control.tagName, control.id || control.getAttribute('href') || '', seen ? 'visible' : 'hidden']
					.join(' ');"""));
	}

	void press(String fault) {
		this.browser.findElement(By.id("fault-" + fault)).click();
	}

	/**
	 * Press once more what is pressed, unless it is over by itself by then.
	 */
	void release(String fault) {
		this.browser.executeScript("""
				const button = document.getElementById('fault-%s');
				if (button.getAttribute('aria-pressed') == 'true') {
					button.click();
				}""".formatted(fault));
	}

	boolean isPressed(String fault) {
		return "true".equals(this.browser.findElement(By.id("fault-" + fault)).getDomAttribute("aria-pressed"));
	}

	boolean happened(String fault) {
		String effect = Map
			.of("sessions", "all sessions ended", "silence", "network silent", "restart", "server restarting", "crash",
					"server crashed", "commit-request", "COMMITs lost")
			.get(fault);
		return String.valueOf(this.browser.executeScript("return document.getElementById('events').textContent"))
			.contains("over: " + effect);
	}

	long counter(String lane, String name) {
		return Long.parseLong(text(lane, name).replace(",", ""));
	}

	String text(String lane, String name) {
		return String.valueOf(this.browser.executeScript(
				"return document.querySelector('[data-lane=%s] [data-counter=%s]').textContent".formatted(lane, name)));
	}

	String verdict(String lane) {
		return String.valueOf(this.browser
			.executeScript("return document.querySelector('[data-lane=%s] .verdict').textContent".formatted(lane)));
	}

	long number(String script) {
		Object value = this.browser.executeScript(script);
		return (value instanceof Number number) ? number.longValue() : -1;
	}

	void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Browser.PATIENCE).pollInterval(Duration.ofMillis(200)).until(condition);
	}

}
