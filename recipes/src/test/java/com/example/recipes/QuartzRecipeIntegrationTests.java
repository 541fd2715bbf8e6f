package com.example.recipes;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.quartz.SchedulerFactoryBean;
import org.springframework.scheduling.quartz.SpringBeanJobFactory;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Jobs of Quartz.
 */
@SpringBootTest(classes = QuartzRecipeIntegrationTests.Application.class, webEnvironment = WebEnvironment.NONE)
class QuartzRecipeIntegrationTests {

	@Autowired
	private Scheduler scheduler;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry properties) {
		RecipeDatabase.register(properties, "create table report (text varchar)");
	}

	@BeforeEach
	void reset() {
		RecipeDatabase.execute("truncate report");
	}

	@Test
	void areRerunWithinTheJob() throws Exception {
		ArmedFault fault = RecipeDatabase.arm(Fault.DROP_REQUEST);
		run();
		await().atMost(RecipeDatabase.PATIENCE)
			.untilAsserted(() -> assertThat(RecipeDatabase.query("select text from report")).hasSize(1));
		fault.await(RecipeDatabase.PATIENCE);
	}

	@Test
	void areRerunWithinTheJobInAStorm() throws Exception {
		RecipeDatabase.inAStorm(() -> {
			for (int i = 0; i < 40; i++) {
				run();
			}
			await().atMost(RecipeDatabase.PATIENCE)
				.until(() -> RecipeDatabase.query("select text from report").size() >= 40);
		});
		await().atMost(RecipeDatabase.PATIENCE).until(() -> this.scheduler.getCurrentlyExecutingJobs().isEmpty());
		assertThat(RecipeDatabase.query("select text from report")).hasSize(40);
	}

	private void run() throws SchedulerException {
		this.scheduler.scheduleJob(JobBuilder.newJob(ReportJob.class).build(),
				TriggerBuilder.newTrigger().startNow().build());
	}

	public static class ReportJob implements Job {

		private final Reports reports;

		public ReportJob(Reports reports) {
			this.reports = reports;
		}

		@Override
		public void execute(JobExecutionContext context) throws JobExecutionException {
			this.reports.write();
		}

	}

	public static class Reports {

		private final JdbcTemplate jdbc;

		public Reports(JdbcTemplate jdbc) {
			this.jdbc = jdbc;
		}

		@RetryableTransaction
		public void write() {
			this.jdbc.update("insert into report values ('written')");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Reports.class)
	static class Application {

		@Bean
		SchedulerFactoryBean scheduler(ApplicationContext context) {
			SpringBeanJobFactory jobs = new SpringBeanJobFactory();
			jobs.setApplicationContext(context);
			SchedulerFactoryBean factory = new SchedulerFactoryBean();
			factory.setJobFactory(jobs);
			factory.setWaitForJobsToCompleteOnShutdown(true);
			return factory;
		}

	}

}
