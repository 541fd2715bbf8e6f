package com.example.bank.demo;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import com.example.bank.trial.Load;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.Assert;

/**
 * How much of a demonstration.
 *
 * @param duration how long the banks are to work, at least
 * @param threads how many clients each bank has
 * @param rate how many calls a second these make at most, taken together
 */
@ConfigurationProperties("demo")
record DemoProperties(@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("30s") Duration duration,
		@DefaultValue("8") int threads, @DefaultValue("100") int rate) {

	DemoProperties {
		Assert.isTrue(duration.toMillis() > 0, () -> "Invalid demo.duration (" + duration + "): must be positive");
	}

	Load load() {
		return new Load(this.threads, this.rate);
	}

}
