package com.example.recipes;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import org.junit.jupiter.api.Test;

import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.configuration.annotation.EnableBatchProcessing;
import org.springframework.batch.core.configuration.annotation.EnableJdbcJobRepository;
import org.springframework.batch.core.configuration.annotation.JobScope;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.support.ListItemReader;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Jobs of Spring Batch: their repository is rerun, their chunks never are.
 */
@SpringBootTest(classes = BatchRecipeIntegrationTests.Application.class, webEnvironment = WebEnvironment.NONE,
		properties = "resilientdb.retry.methods=*")
class BatchRecipeIntegrationTests {

	private static final List<Integer> ITEMS = IntStream.range(0, 30).boxed().toList();

	@Autowired
	private JobOperator operator;

	@Autowired
	private Job job;

	@Autowired
	private JobRepository repository;

	@Autowired
	private JdbcTemplate jdbc;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry properties) {
		RecipeDatabase.register(properties, "create table item (run varchar, number int)");
	}

	@Test
	void loseNoItemWhicheverCommitIsLost() throws Exception {
		for (int commit = 1; commit <= 12; commit++) {
			for (Fault kind : List.of(Fault.DROP_REQUEST, Fault.DROP_RESPONSE)) {
				String run = commit + " " + kind.kind();
				ArmedFault fault = RecipeDatabase.arm(kind, commit);
				BatchStatus status = run(run);
				RecipeDatabase.disarm();
				List<Integer> items = this.jdbc.queryForList("select number from item where run = ? order by number",
						Integer.class, run);
				if (status == BatchStatus.COMPLETED) {
					assertThat(items).as(run).isEqualTo(ITEMS);
				}
				else {
					// A chunk was lost with its COMMIT: whole chunks, none twice, and the
					// step says so
					fault.await(RecipeDatabase.PATIENCE);
					assertThat(items).as(run).isEqualTo(ITEMS.subList(0, items.size()));
					assertThat(items.size() % 10).isZero();
				}
			}
		}
	}

	@Test
	void loseNoItemInAStorm() throws Exception {
		List<String> all = ITEMS.stream().map(String::valueOf).toList();
		RecipeDatabase.inAStorm(() -> {
			for (int i = 0; i < 4; i++) {
				String run = "storm " + i;
				BatchStatus status;
				int started = 0;
				do {
					status = run(run, ++started);
				}
				while (status != BatchStatus.COMPLETED && started < 100);
				assertThat(
						RecipeDatabase.query("select number from item where run = '%s' order by number".formatted(run)))
					.as("%s, %s", run, status)
					.isEqualTo(all);
			}
		});
	}

	@Test
	void areBegunAlthoughTheCommitOfTheirRepositoryIsLost() throws Exception {
		RecipeDatabase.whileCommitsAreLost(() -> {
			String name = "created " + System.nanoTime();
			this.repository.createJobInstance(name, new JobParameters());
			assertThat(this.repository.getJobInstances(name, 0, 10)).hasSize(1);
		});
	}

	@Test
	void areUpdatedOnceAlthoughTheCommitOfTheirRepositoryIsLost() throws Exception {
		RecipeDatabase.whileCommitsAreLost(() -> {
			JobInstance instance = this.repository.createJobInstance("updated " + System.nanoTime(),
					new JobParameters());
			JobExecution execution = this.repository.createJobExecution(instance, new JobParameters(),
					new ExecutionContext());
			RecipeDatabase.arm(Fault.DROP_REQUEST);
			this.repository.update(execution);
			assertThat(execution.getVersion()).isEqualTo(1);
			RecipeDatabase.arm(Fault.DROP_REQUEST);
			this.repository.createStepExecution("step", execution);
			assertThat(execution.getStepExecutions()).hasSize(1);
		});
	}

	private BatchStatus run(String run) {
		return run(run, 1);
	}

	private BatchStatus run(String run, long started) {
		try {
			JobExecution execution = this.operator.start(this.job,
					new JobParametersBuilder().addString("run", run).addLong("started", started).toJobParameters());
			return execution.getStatus();
		}
		catch (Exception ex) {
			return BatchStatus.UNKNOWN;
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableBatchProcessing
	@EnableJdbcJobRepository
	static class Application {

		@Bean
		ResourceDatabasePopulator batchSchema(DataSource dataSource) {
			ResourceDatabasePopulator populator = new ResourceDatabasePopulator(
					new ClassPathResource("org/springframework/batch/core/schema-postgresql.sql"));
			populator.execute(dataSource);
			return populator;
		}

		@Bean
		Job importJob(JobRepository repository, Step importStep) {
			return new JobBuilder("import", repository).start(importStep).build();
		}

		@Bean
		@JobScope
		Step importStep(JobRepository repository, PlatformTransactionManager transactionManager, JdbcTemplate jdbc,
				@Value("#{jobParameters['run']}") String run) {
			return new StepBuilder("import", repository).<Integer, Integer>chunk(10)
				.transactionManager(transactionManager)
				.reader(new ListItemReader<>(notDone(jdbc, run)))
				.writer((chunk) -> chunk.forEach((item) -> jdbc.update("insert into item values (?, ?)", run, item)))
				.build();
		}

		private static List<Integer> notDone(JdbcTemplate jdbc, String run) {
			List<Integer> items = new ArrayList<>(ITEMS);
			items.removeAll(jdbc.queryForList("select number from item where run = ?", Integer.class, run));
			return items;
		}

	}

}
