package com.example.bank.show;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.imageio.ImageIO;

/**
 * The picture of the README, made anew with {@code -Dresilientdb.test.screenshot=true}.
 */
final class Picture {

	private static final Path FILE = Path.of("../docs/images/page.png");

	private Picture() {
	}

	static boolean isWanted() {
		return Boolean.getBoolean("resilientdb.test.screenshot");
	}

	static void write(byte[] screenshot) {
		try {
			Files.createDirectories(FILE.getParent());
			ImageIO.write(compressible(screenshot), "png", FILE.toFile());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A quarter of the shades does for a picture, and makes it smaller by a quarter.
	 */
	private static BufferedImage compressible(byte[] screenshot) throws IOException {
		BufferedImage image = ImageIO.read(new ByteArrayInputStream(screenshot));
		BufferedImage coarse = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
		for (int x = 0; x < image.getWidth(); x++) {
			for (int y = 0; y < image.getHeight(); y++) {
				coarse.setRGB(x, y, image.getRGB(x, y) | 0x030303);
			}
		}
		return coarse;
	}

}
