package com.example.bank.show;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

import org.springframework.util.FileSystemUtils;

/**
 * Debian's Chromium, if it is there.
 */
final class Browser {

	static final String DISABLED_REASON = "There is no /usr/bin/chromium with a /usr/bin/chromedriver";

	static final Duration PATIENCE = Duration.ofMinutes(2);

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
		ChromeDriver browser = new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(DRIVER)
			.usingAnyFreePort()
			.withTimeout(PATIENCE)
			.build(), options);
		browser.manage().timeouts().scriptTimeout(PATIENCE);
		return browser;
	}

	/**
	 * Close a browser and delete its profile, in which it may still write for a moment.
	 */
	static void close(ChromeDriver browser, Path profile) {
		browser.quit();
		Awaitility.await()
			.atMost(PATIENCE)
			.ignoreExceptionsInstanceOf(IOException.class)
			.until(() -> FileSystemUtils.deleteRecursively(profile) || Files.notExists(profile));
	}

}
