package com.example.bank;

import java.util.List;

import com.example.bank.demo.Demonstration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.Assert;

/**
 * A small bank whose transfers survive a failing database. With {@code --demo} it breaks
 * its own database while it works, and shows what its callers see of that.
 */
@SpringBootApplication
public class BankApplication {

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(BankApplication.class);
		if (List.of(args).contains("--demo")) {
			System.exit(demonstrate(application, args) ? 0 : 1);
		}
		application.run(args);
	}

	private static boolean demonstrate(SpringApplication application, String[] args) {
		application.setAdditionalProfiles("demo");
		try (ConfigurableApplicationContext context = application.run(args)) {
			Demonstration demonstration = context.getBeanProvider(Demonstration.class).getIfAvailable();
			Assert.state(demonstration != null,
					"The demonstration breaks its server: run it without the profile 'postgres', on the embedded one");
			return demonstration.run().guaranteesHeld();
		}
	}

}
