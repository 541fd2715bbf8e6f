import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Makes a recording of the demonstration, an SVG that plays once and stays at its end:
 *
 * <pre>
 * ./mvnw -q -pl sample-app -am spring-boot:run -Dspring-boot.run.arguments=--demo \
 *     | java etc/DemoRecording.java docs/images/demo.svg
 * </pre>
 *
 * Waits are shortened. Who asked for less motion sees the end only.
 */
class DemoRecording {

	private static final String COMMAND = "$ ./mvnw -q -pl sample-app -am spring-boot:run "
			+ "-Dspring-boot.run.arguments=--demo";

	private static final int ROWS = 30;

	private static final int COLUMNS = 84;

	private static final double CHARACTER = 7.8;

	private static final int LINE = 18;

	private static final double LONGEST_WAIT = 0.6;

	public static void main(String[] args) throws IOException {
		List<String> lines = new ArrayList<>(List.of(COMMAND));
		List<Double> times = new ArrayList<>(List.of(0.0));
		try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
			long before = System.nanoTime();
			for (String line = input.readLine(); line != null; line = input.readLine()) {
				System.out.println(line);
				long now = System.nanoTime();
				lines.add(line);
				times.add(times.get(times.size() - 1) + Math.min((now - before) / 1e9, LONGEST_WAIT));
				before = now;
			}
		}
		Path target = Path.of(args[0]);
		Files.createDirectories(target.toAbsolutePath().getParent());
		Files.writeString(target, render(lines, times));
	}

	private static String render(List<String> lines, List<Double> times) {
		double end = Math.max(1, times.get(times.size() - 1));
		int width = (int) (COLUMNS * CHARACTER) + 32;
		int height = ROWS * LINE + 32;
		StringBuilder scroll = new StringBuilder();
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < lines.size(); i++) {
			if (i >= ROWS) {
				scroll.append(format("%.3f%%{transform:translateY(-%dpx)}", 100 * times.get(i) / end,
						(i - ROWS + 1) * LINE));
			}
			if (!lines.get(i).isBlank()) {
				boolean important = i == 0 || i >= lines.size() - 3;
				text.append(format("<text y=\"%d\"%s style=\"animation-delay:%.2fs\">%s</text>\n", (i + 1) * LINE,
						important ? " class=\"b\"" : "", times.get(i), escape(lines.get(i))));
			}
		}
		int shift = Math.max(0, lines.size() - ROWS) * LINE;
		return format("""
				<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-labelledby="t">
				<title id="t">The demonstration: with @Transactional calls fail, with @Retryable transfers are booked twice, \
				with @RetryableTransaction each call is booked once</title>
				<style>
				text{font:13px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d5d9e0;white-space:pre}
				.b{fill:#fff;font-weight:700}
				g g{transform:translateY(-%dpx)}
				@media (prefers-reduced-motion:no-preference){
				text{animation:show .01s both}
				g g{animation:scroll %.2fs step-end both}
				}
				@keyframes show{from{visibility:hidden}to{visibility:visible}}
				@keyframes scroll{0%%{transform:none}%s100%%{transform:translateY(-%dpx)}}
				</style>
				<rect width="100%%" height="100%%" rx="8" fill="#16191f"/>
				<svg x="16" y="12" width="%d" height="%d"><g><g>
				%s</g></g></svg>
				</svg>
				""", width, height, shift, end, scroll, shift, width - 32, ROWS * LINE + 6, text);
	}

	private static String escape(String line) {
		return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
	}

	private static String format(String format, Object... arguments) {
		return String.format(Locale.ROOT, format, arguments);
	}

}
