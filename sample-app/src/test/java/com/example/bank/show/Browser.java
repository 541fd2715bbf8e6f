package com.example.bank.show;

import java.io.File;
import java.nio.file.Path;

import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * Debian's Chromium, if it is there.
 */
final class Browser {

	static final String DISABLED_REASON = "There is no /usr/bin/chromium with a /usr/bin/chromedriver";

	private static final File PROGRAM = new File("/usr/bin/chromium");

	private static final File DRIVER = new File("/usr/bin/chromedriver");

	private Browser() {
	}

	static boolean isThere() {
		return PROGRAM.canExecute() && DRIVER.canExecute();
	}

	static ChromeDriver open(Path profile) {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(PROGRAM);
		options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--disable-dev-shm-usage", "--window-size=1280,1250", "--user-data-dir=" + profile);
		return new ChromeDriver(
				new ChromeDriverService.Builder().usingDriverExecutable(DRIVER).usingAnyFreePort().build(), options);
	}

}
