package com.example.bank.show;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import com.example.bank.trial.LaneKind;

import org.springframework.core.io.ClassPathResource;

/**
 * How the method of a bank is written.
 *
 * @param lane the bank
 * @param name the name of the class
 * @param code the class, from its first line on
 */
record Source(LaneKind lane, String name, String code) {

	static List<Source> all() {
		return List.of(of(LaneKind.PLAIN, "trial/PlainTransferService"),
				of(LaneKind.NAIVE, "trial/NaiveTransferService"), of(LaneKind.RETRYABLE, "TransferService"));
	}

	private static Source of(LaneKind lane, String path) {
		try {
			String source = new ClassPathResource("sources/com/example/bank/" + path + ".java")
				.getContentAsString(StandardCharsets.UTF_8);
			return new Source(lane, path.substring(path.indexOf('/') + 1),
					source.substring(source.indexOf("public class")).strip());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
