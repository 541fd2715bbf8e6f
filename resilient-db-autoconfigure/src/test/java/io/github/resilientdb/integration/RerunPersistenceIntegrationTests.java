package io.github.resilientdb.integration;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.github.resilientdb.test.proxy.Fault;
import jakarta.persistence.CascadeType;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Transient;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.domain.Persistable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.orm.ObjectOptimisticLockingFailureException;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What entities are when a retryable method runs again.
 */
@SpringBootTest(classes = RerunPersistenceIntegrationTests.Application.class, webEnvironment = WebEnvironment.NONE)
@ExtendWith(OutputCaptureExtension.class)
class RerunPersistenceIntegrationTests {

	@RegisterExtension
	static final RerunDatabase database = new RerunDatabase();

	@Autowired
	private Transactions transactions;

	@Autowired
	private Scenario scenario;

	@Autowired
	private PurchaseRepository purchases;

	@Autowired
	private TagRepository tags;

	@Autowired
	private CounterRepository counters;

	@Autowired
	private LabelRepository labels;

	@Autowired
	private EntityManager entityManager;

	@Autowired
	private TransactionTemplate plain;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties);
	}

	/**
	 * Where the connection is lost.
	 */
	enum Loss {

		STATEMENT, COMMIT

	}

	@ParameterizedTest
	@EnumSource
	void savesWhatIsInsideOfAValueACollectionOrALambda(Loss loss) throws Exception {
		record Command(List<Purchase> purchases, Map<String, Tag> tags) {
		}
		Command command = new Command(List.of(Purchase.of("a"), Purchase.of("b")), Map.of("x", new Tag()));
		Counter captured = new Counter();
		run(loss, () -> {
			this.purchases.saveAll(command.purchases());
			this.tags.saveAll(command.tags().values());
			this.counters.save(captured);
		});
		assertThat(this.purchases.count()).isEqualTo(2);
		assertThat(command.purchases()).allSatisfy((purchase) -> assertThat(stored(purchase)).hasSize(1));
		assertThat(this.tags.findAll()).extracting((tag) -> tag.id).containsExactly(command.tags().get("x").id);
		assertThat(this.counters.findById(captured.id)).isPresent();
	}

	@ParameterizedTest
	@EnumSource
	void putsReplacedCollectionsBack(Loss loss) throws Exception {
		Purchase purchase = Purchase.of("a");
		List<Item> items = purchase.items;
		run(loss, () -> {
			assertThat(purchase.items).isSameAs(items).hasSize(1);
			assertThat(purchase.remarks).isEmpty();
			this.purchases.save(purchase);
			purchase.items = new ArrayList<>(purchase.items);
			purchase.add("b");
			purchase.remarks = new ArrayList<>(List.of("remark"));
		});
		assertThat(stored(purchase)).containsExactly("a", "b");
	}

	@Test
	void reportsAStaleVersionThatAFailedAttemptCausedWithTheDisconnect() {
		Counter detached = this.counters.save(new Counter());
		detached.total = 5;
		assertThatExceptionOfType(ObjectOptimisticLockingFailureException.class)
			.isThrownBy(() -> this.transactions.required(() -> {
				this.transactions.requiresNew(() -> this.counters.saveAndFlush(detached));
				this.scenario.enterAndDisconnectFirst("call");
			}))
			.satisfies((ex) -> assertThat(ex.getSuppressed()).singleElement()
				.satisfies((lost) -> assertThat(lost).rootCause()
					.isInstanceOfSatisfying(SQLException.class,
							(root) -> assertThat(root.getSQLState()).isEqualTo("57P01"))));
	}

	@Test
	void warnsOfAFlagThatCannotBePutBack(CapturedOutput output) throws Exception {
		Label label = new Label();
		this.transactions.required(() -> {
			this.labels.saveAndFlush(label);
			this.scenario.enterAndDisconnectFirst("call");
		});
		assertThat(output).contains("WARN")
			.contains(Transactions.class.getName() + ".required")
			.contains("no longer say isNew()");
		assertThat(this.labels.existsById(label.id)).isTrue();
	}

	@Test
	void doesNotPutBackWhatTheMethodDidBefore() throws Exception {
		Purchase purchase = new Purchase();
		this.transactions.required(() -> {
			purchase.add("item");
			this.purchases.saveAndFlush(purchase);
			this.scenario.enterAndDisconnectFirst("call");
		});
		// As documented: the argument was changed before it was saved, so twice
		assertThat(purchase.items).hasSize(2);
	}

	private void run(Loss loss, Runnable work) throws Exception {
		this.plain.executeWithoutResult((status) -> {
			this.entityManager.createQuery("delete from Item").executeUpdate();
			this.purchases.deleteAll();
			this.tags.deleteAllInBatch();
		});
		if (loss == Loss.COMMIT) {
			database.proxy().arm(Fault.DROP_REQUEST);
		}
		this.transactions.required(() -> {
			work.run();
			this.entityManager.flush();
			int run = this.scenario.enter("call");
			if (loss == Loss.STATEMENT && run == 1) {
				this.scenario.disconnect();
			}
		});
		assertThat(this.scenario.runs("call")).isEqualTo(2);
		assertThat(this.scenario.entries()).containsExactly("call");
	}

	private List<String> stored(Purchase purchase) {
		return this.plain.execute((status) -> {
			Purchase stored = this.purchases.findById(purchase.id).orElseThrow();
			assertThat(stored.version).isEqualTo(purchase.version);
			return stored.items.stream().map((item) -> item.product).sorted().toList();
		});
	}

	interface PurchaseRepository extends JpaRepository<Purchase, Long> {

	}

	interface TagRepository extends JpaRepository<Tag, UUID> {

	}

	interface CounterRepository extends JpaRepository<Counter, Long> {

	}

	interface LabelRepository extends JpaRepository<Label, String> {

	}

	@Entity(name = "Purchase")
	static class Purchase {

		@Id
		@GeneratedValue(strategy = GenerationType.SEQUENCE)
		@Nullable Long id;

		@Version
		@Nullable Integer version;

		@OneToMany(mappedBy = "purchase", cascade = CascadeType.ALL)
		List<Item> items = new ArrayList<>();

		@ElementCollection
		List<String> remarks = new ArrayList<>();

		static Purchase of(String... products) {
			Purchase purchase = new Purchase();
			for (String product : products) {
				purchase.add(product);
			}
			return purchase;
		}

		void add(String product) {
			Item item = new Item();
			item.product = product;
			item.purchase = this;
			this.items.add(item);
		}

	}

	@Entity(name = "Item")
	static class Item {

		@Id
		@GeneratedValue(strategy = GenerationType.IDENTITY)
		@Nullable Long id;

		@Nullable String product;

		@ManyToOne
		@Nullable Purchase purchase;

	}

	@Entity(name = "Tag")
	static class Tag {

		@Id
		@GeneratedValue
		@Nullable UUID id;

	}

	@Entity(name = "Counter")
	static class Counter {

		@Id
		@GeneratedValue(strategy = GenerationType.IDENTITY)
		@Nullable Long id;

		@Version
		int version;

		int total;

	}

	@Entity(name = "Label")
	static class Label implements Persistable<String> {

		@Id
		String id = "label";

		@Transient
		boolean isNew = true;

		@Override
		public String getId() {
			return this.id;
		}

		@Override
		public boolean isNew() {
			return this.isNew;
		}

		@PostPersist
		void markNotNew() {
			this.isNew = false;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EntityScan(basePackageClasses = Item.class)
	@EnableJpaRepositories(basePackageClasses = Item.class, considerNestedRepositories = true)
	@Import({ Scenario.class, Transactions.class })
	static class Application {

	}

}
