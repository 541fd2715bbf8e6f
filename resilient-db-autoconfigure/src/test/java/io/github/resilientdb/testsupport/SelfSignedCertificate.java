package io.github.resilientdb.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A certificate for {@code localhost} signed by itself, where a server expects it. It is
 * made by the JDK's {@code keytool}.
 */
final class SelfSignedCertificate {

	static final String PASSWORD = "changeit";

	private SelfSignedCertificate() {
	}

	/**
	 * Write {@code server.crt} and {@code server.key}.
	 * @param directory the server's data directory
	 */
	static void write(Path directory) {
		KeyStore keys = create(directory.resolve("server.p12"));
		try {
			writePem(directory.resolve("server.crt"), "CERTIFICATE", keys.getCertificate("server").getEncoded());
			writePem(directory.resolve("server.key"), "PRIVATE KEY",
					keys.getKey("server", PASSWORD.toCharArray()).getEncoded());
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException("Cannot make a certificate", ex);
		}
	}

	/**
	 * Make a certificate and its key.
	 * @param store the file to write
	 * @return what the file contains, under {@link #PASSWORD}
	 */
	static KeyStore create(Path store) {
		new Command(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
				"server", "-keyalg", "RSA", "-dname", "CN=localhost", "-ext", "SAN=dns:localhost,ip:127.0.0.1",
				"-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD)
			.run();
		try (InputStream input = Files.newInputStream(store)) {
			KeyStore keys = KeyStore.getInstance("PKCS12");
			keys.load(input, PASSWORD.toCharArray());
			return keys;
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException("Cannot make a certificate", ex);
		}
	}

	private static void writePem(Path file, String kind, byte[] content) throws IOException {
		String text = Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content);
		Files.writeString(file, "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(kind, text));
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
	}

}
