package io.github.resilientdb.integration;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.test.proxy.Fault;
import jakarta.persistence.CascadeType;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Version;
import org.hibernate.Hibernate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.data.domain.AbstractAggregateRoot;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageImpl;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.data.util.Streamable;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Entities among the arguments of a method that is rerun: they are as they were when it
 * was called.
 */
@SpringBootTest(classes = RerunArgumentsIntegrationTests.Application.class, webEnvironment = WebEnvironment.NONE)
class RerunArgumentsIntegrationTests {

	@RegisterExtension
	static final RerunDatabase database = new RerunDatabase();

	@Autowired
	private Awards awards;

	@Autowired
	private MemberRepository members;

	@Autowired
	private Scenario scenario;

	@Autowired
	private TransactionTemplate plain;

	@Autowired
	private EntityManagerFactory entityManagerFactory;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties);
	}

	@BeforeEach
	void reset() {
		this.awards.reset();
	}

	/**
	 * What the argument is.
	 */
	enum State {

		NEW, DETACHED, MANAGED

	}

	@ParameterizedTest
	@EnumSource
	void changesAnArgumentOnce(State state) {
		with(state, (member) -> {
			this.awards.award(member);
			assertThat(member.points).isEqualTo(10);
		});
		assertThat(this.scenario.runs("award")).isEqualTo(3);
		assertThat(this.members.findAll()).singleElement().satisfies((stored) -> {
			assertThat(stored.points).isEqualTo(10);
			assertThat(stored.version).isEqualTo((state == State.NEW) ? 0 : 1);
		});
	}

	@ParameterizedTest
	@EnumSource
	void changesWhatIsInsideOfAnArgumentOnce(State state) {
		with(state, this.awards::awardEverywhere);
		assertThat(this.scenario.runs("award")).isEqualTo(3);
		this.plain
			.executeWithoutResult((status) -> assertThat(this.members.findAll()).singleElement().satisfies((stored) -> {
				assertThat(stored.home.street).isEqualTo("street!");
				assertThat(stored.since).hasTime(1000);
				assertThat(stored.picture[0]).isEqualTo((byte) 1);
				assertThat(stored.titles).containsExactly("title", "awarded");
				assertThat(stored.badges).extracting((badge) -> badge.name).containsExactlyInAnyOrder("first!", "new");
				assertThat(stored.club.getSize()).isEqualTo(11);
			}));
	}

	@Test
	void changesWhatIsInContainersOnce() {
		List<Member> all = IntStream.range(0, 8).mapToObj((i) -> detached()).toList();
		Map<String, Member> map = new HashMap<>(Map.of("member", all.get(1)));
		this.awards.awardAll(List.of(all.get(0)), map, new Member[] { all.get(2) }, Optional.of(all.get(3)),
				new PageImpl<>(List.of(all.get(4))), Streamable.of(all.get(5)),
				List.of(Map.of("nested", List.of(all.get(6)))), all.get(7));
		assertThat(this.scenario.runs("award")).isEqualTo(2);
		assertThat(this.members.findAllById(all.stream().map((member) -> member.id).toList())).hasSize(8)
			.allSatisfy((stored) -> assertThat(stored.points).isEqualTo(10));
	}

	@Test
	void changesOnceWhatAFailedCommitHadChanged() {
		Member member = detached();
		database.proxy().arm(Fault.DROP_REQUEST);
		this.awards.awardUndisturbed(member);
		assertThat(this.scenario.runs("award")).isEqualTo(2);
		assertThat(this.members.findById(member.id)).get().extracting((stored) -> stored.points).isEqualTo(10);
	}

	@Test
	void loadsNothingForASnapshot() {
		Member member = this.members.findById(detached().id).orElseThrow();
		assertThat(Hibernate.isInitialized(member.badges)).isFalse();
		this.awards.award(member);
		assertThat(Hibernate.isInitialized(member.badges)).isFalse();
		assertThat(Hibernate.isInitialized(member.club)).isFalse();
	}

	@Test
	void readsNothingThatCanBeReadOnlyOnce() {
		Member member = detached();
		Iterator<Member> source = List.of(member).iterator();
		Streamable<Member> once = Streamable.of(() -> Stream.of(source.next()));
		assertThat(this.awards.first(once)).isSameAs(member);
	}

	@Test
	void doesNotRerunIfThereAreTooMany() {
		List<Member> many = IntStream.range(0, 10_001).mapToObj((i) -> new Member()).toList();
		assertThatExceptionOfType(InvalidDataAccessApiUsageException.class).isThrownBy(() -> this.awards.count(many))
			.withMessageContaining("Awards.count")
			.withMessageContaining("10,000")
			.havingRootCause()
			.isInstanceOfSatisfying(SQLException.class, (root) -> assertThat(root.getSQLState()).isEqualTo("57P01"));
		assertThat(this.scenario.runs("award")).isOne();
		assertThat(this.scenario.entries()).isEmpty();
	}

	@Test
	void doesNotCountWhatIsNoEntity() {
		List<String> many = IntStream.range(0, 20_000).mapToObj(String::valueOf).toList();
		assertThat(this.awards.count(many)).isEqualTo(20_000);
		assertThat(this.scenario.runs("award")).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource
	void publishesDomainEventsForTheAttemptThatCommitted(State state) {
		with(state, (member) -> {
			member.announce();
			this.awards.award(member);
		});
		assertThat(this.awards.heard()).hasSize(3);
		assertThat(this.awards.heardAfterCommit()).hasSize(1);
	}

	private void with(State state, Consumer<Member> action) {
		this.members.deleteAll();
		switch (state) {
			case NEW -> action.accept(new Member());
			case DETACHED -> action.accept(detached());
			case MANAGED -> {
				Long id = detached().id;
				EntityManager entityManager = this.entityManagerFactory.createEntityManager();
				TransactionSynchronizationManager.bindResource(this.entityManagerFactory,
						new EntityManagerHolder(entityManager));
				try {
					action.accept(this.members.findById(id).orElseThrow());
				}
				finally {
					TransactionSynchronizationManager.unbindResource(this.entityManagerFactory);
					entityManager.close();
				}
			}
		}
	}

	private Member detached() {
		return this.plain.execute((status) -> this.members.save(new Member()));
	}

	static class Awards {

		private final MemberRepository members;

		private final Scenario scenario;

		private final List<Object> heard = new ArrayList<>();

		private final List<Object> heardAfterCommit = new ArrayList<>();

		Awards(MemberRepository members, Scenario scenario) {
			this.members = members;
			this.scenario = scenario;
		}

		void reset() {
			this.heard.clear();
			this.heardAfterCommit.clear();
		}

		List<Object> heard() {
			return this.heard;
		}

		List<Object> heardAfterCommit() {
			return this.heardAfterCommit;
		}

		@EventListener
		void hear(Awarded event) {
			this.heard.add(event);
		}

		@TransactionalEventListener
		void hearAfterCommit(Awarded event) {
			this.heardAfterCommit.add(event);
		}

		@RetryableTransaction
		void award(Member member) {
			member.points += 10;
			this.members.saveAndFlush(member);
			loseTheFirst(2);
		}

		@RetryableTransaction
		void awardUndisturbed(Member member) {
			member.points += 10;
			this.members.save(member);
			this.scenario.enter("award");
		}

		@RetryableTransaction
		void awardEverywhere(Member member) {
			member.home.street += "!";
			member.since.setTime(member.since.getTime() + 1000);
			member.picture[0]++;
			member.titles.add("awarded");
			member.badges.get(0).name += "!";
			member.addBadge("new");
			member.club.grow();
			this.members.saveAndFlush(member);
			loseTheFirst(2);
		}

		@RetryableTransaction
		void awardAll(Collection<Member> list, Map<String, Member> map, Member[] array, Optional<Member> optional,
				Page<Member> page, Streamable<Member> streamable, List<Map<String, List<Member>>> nested,
				@Nullable Member member) {
			List<Member> all = new ArrayList<>(list);
			all.addAll(map.values());
			all.addAll(List.of(array));
			optional.ifPresent(all::add);
			page.forEach(all::add);
			streamable.forEach(all::add);
			nested.forEach((inner) -> inner.values().forEach(all::addAll));
			all.add(member);
			all.forEach((each) -> each.points += 10);
			this.members.saveAllAndFlush(all);
			loseTheFirst(1);
		}

		@RetryableTransaction
		Member first(Streamable<Member> members) {
			return members.iterator().next();
		}

		@RetryableTransaction
		int count(List<?> list) {
			loseTheFirst(1);
			return list.size();
		}

		private void loseTheFirst(int times) {
			if (this.scenario.enter("award") <= times) {
				this.scenario.disconnect();
			}
		}

	}

	record Awarded(int points) {

	}

	interface MemberRepository extends JpaRepository<Member, Long> {

	}

	@Entity(name = "Member")
	static class Member extends AbstractAggregateRoot<Member> {

		@Id
		@GeneratedValue
		@Nullable Long id;

		@Version
		@Nullable Integer version;

		int points;

		Date since = new Date(0);

		byte[] picture = { 0 };

		@Embedded
		Home home = new Home();

		@ElementCollection(fetch = FetchType.EAGER)
		List<String> titles = new ArrayList<>(List.of("title"));

		@OneToMany(mappedBy = "member", cascade = CascadeType.ALL)
		List<Badge> badges = new ArrayList<>();

		@ManyToOne(fetch = FetchType.LAZY, cascade = CascadeType.ALL)
		Club club = new Club();

		Member() {
			addBadge("first");
		}

		void addBadge(String name) {
			Badge badge = new Badge();
			badge.name = name;
			badge.member = this;
			this.badges.add(badge);
		}

		void announce() {
			registerEvent(new Awarded(this.points));
		}

	}

	@Embeddable
	static class Home {

		String street = "street";

	}

	@Entity(name = "Badge")
	static class Badge {

		@Id
		@GeneratedValue
		@Nullable Long id;

		String name = "";

		@ManyToOne
		@Nullable Member member;

	}

	@Entity(name = "Club")
	static class Club {

		@Id
		@GeneratedValue
		@Nullable Long id;

		private int size = 10;

		public int getSize() {
			return this.size;
		}

		public void grow() {
			this.size++;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EntityScan(basePackageClasses = Member.class)
	@EnableJpaRepositories(basePackageClasses = Member.class, considerNestedRepositories = true)
	@Import({ Scenario.class, Awards.class })
	static class Application {

	}

}
