package com.example.bank.demo;

import java.time.Duration;

/**
 * Shows every few seconds that something is going on, until it is interrupted.
 */
final class SignOfLife implements Runnable {

	private static final Duration PAUSE = Duration.ofSeconds(5);

	private SignOfLife() {
	}

	static Thread start() {
		Thread thread = new Thread(new SignOfLife(), "demonstration-sign-of-life");
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	@Override
	public void run() {
		try {
			for (long seconds = PAUSE.toSeconds();; seconds += PAUSE.toSeconds()) {
				Thread.sleep(PAUSE.toMillis());
				System.out.println("... " + seconds + " s");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
