package com.example.bank;

import java.util.List;

import com.example.bank.demo.Demonstration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * A small bank whose transfers survive a failing database. With {@code --demo} it breaks
 * its own database while it works, and shows what its callers see of that.
 */
@SpringBootApplication
public class BankApplication {

	public static void main(String[] args) {
		if (List.of(args).contains("--demo")) {
			System.exit(Demonstration.run(args) ? 0 : 1);
		}
		SpringApplication.run(BankApplication.class, args);
	}

}
