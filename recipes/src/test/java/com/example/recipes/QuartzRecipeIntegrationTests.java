package com.example.recipes;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import org.junit.jupiter.api.Test;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.Scheduler;
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

	@Autowired
	private JdbcTemplate jdbc;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry properties) {
		RecipeDatabase.register(properties, "create table report (text varchar)");
	}

	@Test
	void areRerunWithinTheJob() throws Exception {
		ArmedFault fault = RecipeDatabase.arm(Fault.DROP_REQUEST);
		this.scheduler.scheduleJob(JobBuilder.newJob(ReportJob.class).build(),
				TriggerBuilder.newTrigger().startNow().build());
		await().untilAsserted(() -> assertThat(this.jdbc.queryForList("select text from report", String.class))
			.containsExactly("written"));
		assertThat(fault.isFired()).isTrue();
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
