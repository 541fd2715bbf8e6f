package com.example.bank.show;

import java.time.Duration;

import com.example.bank.trial.Load;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the page begins.
 *
 * @param tour whether everything is broken once, one after the other, as soon as somebody
 * looks
 * @param threads how many clients each bank has
 * @param rate how many calls a second these make at most, taken together
 * @param alone how long the banks go on working when nobody looks
 */
@ConfigurationProperties("show")
record ShowProperties(@DefaultValue("true") boolean tour, @DefaultValue("4") int threads, @DefaultValue("40") int rate,
		@DefaultValue("30s") Duration alone) {

	Load load() {
		return new Load(this.threads, this.rate);
	}

}
