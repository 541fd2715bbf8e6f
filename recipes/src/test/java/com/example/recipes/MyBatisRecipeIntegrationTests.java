package com.example.recipes;

import java.util.List;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.github.resilientdb.RetryableTransaction;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.session.SqlSessionFactory;
import org.junit.jupiter.api.Test;
import org.mybatis.spring.SqlSessionFactoryBean;
import org.mybatis.spring.mapper.MapperFactoryBean;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Mappers of MyBatis.
 */
@SpringBootTest(classes = MyBatisRecipeIntegrationTests.Application.class, webEnvironment = WebEnvironment.NONE)
class MyBatisRecipeIntegrationTests {

	@Autowired
	private Stock stock;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry properties) {
		RecipeDatabase.register(properties, "create table stock (item varchar)");
	}

	@Test
	void areRerunWithTheServiceThatCallsThem() throws Exception {
		RecipeDatabase.whileCommitsAreLost(() -> this.stock.add("book"));
		assertThat(RecipeDatabase.query("select item from stock where item = 'book'")).hasSize(3);
	}

	@Test
	void areRerunInAStorm() throws Exception {
		List<String> items = IntStream.range(0, 80).mapToObj((i) -> "item " + i).toList();
		RecipeDatabase.inAStorm(() -> items.forEach(this.stock::add));
		assertThat(RecipeDatabase.query("select item from stock where item like 'item%'"))
			.containsExactlyInAnyOrderElementsOf(items);
	}

	static class Stock {

		private final StockMapper mapper;

		Stock(StockMapper mapper) {
			this.mapper = mapper;
		}

		@RetryableTransaction
		public int add(String item) {
			this.mapper.add(item);
			return this.mapper.count();
		}

	}

	interface StockMapper {

		@Insert("insert into stock values (#{item})")
		void add(String item);

		@Select("select count(*) from stock")
		int count();

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Stock.class)
	static class Application {

		@Bean
		SqlSessionFactoryBean sqlSessionFactory(DataSource dataSource) {
			SqlSessionFactoryBean factory = new SqlSessionFactoryBean();
			factory.setDataSource(dataSource);
			return factory;
		}

		@Bean
		MapperFactoryBean<StockMapper> stockMapper(SqlSessionFactory sessions) {
			MapperFactoryBean<StockMapper> factory = new MapperFactoryBean<>(StockMapper.class);
			factory.setSqlSessionFactory(sessions);
			return factory;
		}

	}

}
