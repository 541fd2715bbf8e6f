package io.github.resilientdb.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.autoconfigure.GuardedPools.GuardedPool;
import io.github.resilientdb.commit.CommitChoice;
import io.github.resilientdb.commit.Verification;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GuardedPools}.
 */
class GuardedPoolsTests {

	private final GuardedPools pools = new GuardedPools();

	@Test
	void areInTheOrderInWhichTheyWereFound() {
		for (String name : List.of("c", "a", "b")) {
			this.pools.add(new FakePool().as(name));
		}
		assertThat(this.pools.all()).extracting(GuardedPool::beanName).containsExactly("c", "a", "b");
		assertThat(this.pools.getPools()).containsOnlyKeys("a", "b", "c");
	}

	@Test
	void poolThatIsMadeAnewReplacesTheOneBefore() {
		FakePool second = new FakePool();
		this.pools.add(new FakePool().as("bank"));
		this.pools.add(second.as("bank"));
		assertThat(this.pools.getPools()).hasSize(1).containsValue(second);
	}

	@Test
	void whatIsAddedMeanwhileDisturbsNobody() {
		this.pools.add(new FakePool().as("a"));
		this.pools.all().forEach((pool) -> this.pools.add(new FakePool().as("b")));
		assertThat(this.pools.all()).hasSize(2);
	}

	@Test
	void choiceIsToldToWhoeverListens() {
		CommitChoice choice = new CommitChoice(Verification.NONE, "as configured");
		List<CommitChoice> told = new ArrayList<>();
		this.pools.chosen(choice);
		this.pools.onChoice(told::add);
		this.pools.chosen(choice);
		assertThat(told).containsExactly(choice);
	}

	@Test
	void areFoundOnceTheBeansAreGone() {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		this.pools.rememberBy(beans);
		assertThat(GuardedPools.rememberedBy(beans)).as("not our application").isEmpty();
		beans.registerBeanDefinition(GuardedPools.BEAN_NAME, new RootBeanDefinition(GuardedPools.class));
		assertThat(GuardedPools.rememberedBy(beans)).isEmpty();
		this.pools.rememberBy(beans);
		beans.destroySingletons();
		assertThat(GuardedPools.rememberedBy(beans)).containsSame(this.pools);
	}

}
