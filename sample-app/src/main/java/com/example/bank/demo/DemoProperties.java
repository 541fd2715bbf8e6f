package com.example.bank.demo;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * How much of a demonstration.
 *
 * @param duration how long the bank is to work
 * @param threads how many clients each of the two services has
 */
@ConfigurationProperties("demo")
record DemoProperties(@DefaultValue("30s") Duration duration, @DefaultValue("8") int threads) {

	DemoProperties {
		Assert.isTrue(duration.toMillis() > 0, () -> "Invalid demo.duration (" + duration + "): must be positive");
		Assert.isTrue(threads > 0, () -> "Invalid demo.threads (" + threads + "): must be positive");
	}

}
