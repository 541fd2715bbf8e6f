package com.example.bank;

import java.util.List;

import com.example.bank.demo.Demonstration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

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
			return context.getBean(Demonstration.class).run().guaranteesHeld();
		}
	}

}
