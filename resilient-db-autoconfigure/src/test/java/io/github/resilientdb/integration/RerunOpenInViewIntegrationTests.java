package io.github.resilientdb.integration;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.resilientdb.sweep.SweepDatabase;
import io.github.resilientdb.test.DisconnectScenario;
import io.github.resilientdb.test.DisconnectTest;
import io.github.resilientdb.test.Disconnects;
import io.github.resilientdb.test.FaultKind;
import jakarta.persistence.CascadeType;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Requests under open-in-view whose controller has loaded, and changed, what a method
 * that is rerun works on: wherever the connection is lost, they answer and write what
 * they do without a fault.
 */
@SpringBootTest(classes = RerunOpenInViewIntegrationTests.Application.class)
@AutoConfigureMockMvc
@DisconnectTest
class RerunOpenInViewIntegrationTests {

	/**
	 * Of how many faults one is placed in {@code verify}.
	 */
	private static final int STRIDE = 13;

	@RegisterExtension
	static final SweepDatabase database = new SweepDatabase(
			"create table note (id serial primary key, text varchar not null)");

	@Autowired
	private MockMvc mvc;

	@Autowired
	private ShopRepository shops;

	@Autowired
	private ShopBuyerRepository buyers;

	@Autowired
	private Scenario scenario;

	@Autowired
	private TransactionTemplate plain;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties, 4);
		properties.add("spring.jpa.hibernate.ddl-auto", () -> "create");
	}

	/**
	 * What a controller does with a shop before, within and after the call.
	 */
	enum Program {

		LAZY_COLLECTION {
			@Override
			void within(Shop shop, Repositories repositories) {
				shop.items.forEach((item) -> item.shipped++);
			}
		},
		LAZY_PROXY {
			@Override
			void within(Shop shop, Repositories repositories) {
				shop.buyer.addPoints(10);
				repositories.buyers().save(shop.buyer);
			}
		},
		LAZY_ELEMENTS {
			@Override
			void within(Shop shop, Repositories repositories) {
				shop.tags.add("within");
				shop.address.phones.add("2");
			}
		},
		LAZY_ITEM_REMOVED {
			@Override
			void within(Shop shop, Repositories repositories) {
				shop.items.remove(0);
			}
		},
		LAZY_ITEM_ADDED {
			@Override
			void within(Shop shop, Repositories repositories) {
				shop.add("c");
			}
		},
		LOADED_COLLECTION {
			@Override
			void load(Shop shop) {
				assertThat(shop.items).isNotEmpty();
				assertThat(shop.tags).hasSize(1);
			}

			@Override
			void within(Shop shop, Repositories repositories) {
				shop.items.get(0).shipped++;
				shop.items.remove(1);
				shop.tags.add("within");
			}
		},
		LOADED_PROXY {
			@Override
			void load(Shop shop) {
				assertThat(shop.buyer.getPoints()).isZero();
			}

			@Override
			void within(Shop shop, Repositories repositories) {
				shop.buyer.addPoints(10);
			}
		},
		REFERENCES_FROM_BEFORE {
			private List<ShopItem> items = List.of();

			@Override
			void before(Shop shop) {
				this.items = shop.items;
			}

			@Override
			void within(Shop shop, Repositories repositories) {
				this.items.forEach((item) -> item.shipped++);
			}
		},
		CHANGED_BEFORE {
			@Override
			void load(Shop shop) {
				assertThat(shop.tags).hasSize(1);
				assertThat(shop.buyer.getPoints()).isZero();
			}

			@Override
			void before(Shop shop) {
				shop.name = "before";
				shop.address.street = "before";
				shop.tags.add("before");
				shop.logo[0]++;
				shop.buyer.addPoints(5);
			}
		},
		CHANGED_WITHIN {
			@Override
			void within(Shop shop, Repositories repositories) {
				shop.name += "!";
				shop.address.street += "!";
				shop.logo[0]++;
			}
		},
		CHANGED_EVERYWHERE {
			@Override
			void load(Shop shop) {
				assertThat(shop.items).hasSize(2);
			}

			@Override
			void before(Shop shop) {
				shop.name += "1";
				shop.items.get(0).shipped += 1;
			}

			@Override
			void within(Shop shop, Repositories repositories) {
				shop.name += "2";
				shop.items.forEach((item) -> item.shipped += 10);
				shop.add("c");
			}

			@Override
			void after(Shop shop) {
				shop.name += "3";
				shop.items.forEach((item) -> item.shipped += 100);
				shop.add("d");
			}
		},
		CHANGED_AFTER {
			@Override
			void load(Shop shop) {
				assertThat(shop.items).hasSize(2);
				assertThat(shop.buyer.getPoints()).isZero();
			}

			@Override
			void after(Shop shop) {
				shop.name = "after";
				shop.items.get(1).shipped++;
				shop.buyer.addPoints(3);
			}
		},
		LOADED_AGAIN {
			@Override
			void within(Shop shop, Repositories repositories) {
				Shop same = repositories.shops().findById(shop.id).orElseThrow();
				assertThat(same).isSameAs(shop);
				same.name += "!";
				repositories.shops().save(same);
			}
		},
		MOVED {
			@Override
			void within(Shop shop, Repositories repositories) {
				ShopBuyer other = repositories.buyers().save(new ShopBuyer());
				shop.buyer = other;
				shop.tags = new ArrayList<>(List.of("replaced"));
			}
		},
		DELETED {
			@Override
			void within(Shop shop, Repositories repositories) {
				shop.items.clear();
				repositories.shops().flush();
				shop.name = "closed";
			}
		};

		/**
		 * Load, in a transaction of its own, what is used outside of transactions.
		 */
		void load(Shop shop) {
		}

		void before(Shop shop) {
		}

		void within(Shop shop, Repositories repositories) {
		}

		void after(Shop shop) {
		}

	}

	@TestFactory
	Stream<DynamicTest> answersAndWritesWhatItDoesWithoutAFault(Disconnects disconnects) {
		return Stream.of(Program.values()).flatMap((program) -> {
			List<DynamicTest> all = scenario(disconnects, program).withoutKinds(FaultKind.SILENT).tests().toList();
			return IntStream.range(0, all.size())
				.filter((fault) -> fault % STRIDE == program.ordinal() % STRIDE)
				.mapToObj(all::get);
		});
	}

	@TestFactory
	@Tag("soak")
	Stream<DynamicTest> answersAndWritesWhatItDoesWithoutAnyFault(Disconnects disconnects) {
		return Stream.of(Program.values()).flatMap((program) -> scenario(disconnects, program).tests());
	}

	private DisconnectScenario scenario(Disconnects disconnects, Program program) {
		AtomicReference<Shop> shop = new AtomicReference<>();
		return disconnects.scenario(program.name())
			.given(() -> shop.set(store()))
			.when(() -> this.mvc.perform(get(program, shop.get())).andReturn());
	}

	@Test
	void refusesTheRerunIfTooMuchWasLoadedBefore(Disconnects disconnects) {
		Shop shop = store();
		this.scenario.jdbc()
			.update("insert into shop_item (id, version, name, shipped, shop_id)"
					+ " select -n, 0, 'many', 0, ? from generate_series(1, 10000) n", shop.id);
		disconnects.at(FaultKind.REQUEST_LOST, "insert into note");
		assertThatException().isThrownBy(() -> this.mvc.perform(get(Program.LOADED_COLLECTION, shop)))
			.withStackTraceContaining("more than 10,000 objects");
		assertThat(this.scenario.runs("call")).isOne();
		this.scenario.jdbc().update("delete from shop_item where name = 'many'");
	}

	/**
	 * Return a new shop, the only one.
	 */
	private Shop store() {
		this.shops.deleteAll();
		this.buyers.deleteAll();
		this.scenario.reset();
		return this.plain.execute((status) -> {
			Shop shop = new Shop();
			shop.add("a");
			shop.add("b");
			shop.buyer = this.buyers.save(new ShopBuyer());
			return this.shops.save(shop);
		});
	}

	private static MockHttpServletRequestBuilder get(Program program, Shop shop) {
		return MockMvcRequestBuilders.get("/%s/%d".formatted(program, shop.id));
	}

	record Repositories(ShopRepository shops, ShopBuyerRepository buyers) {

	}

	@RestController
	static class ShopController {

		private final Repositories repositories;

		private final Transactions transactions;

		private final Scenario scenario;

		ShopController(ShopRepository shops, ShopBuyerRepository buyers, Transactions transactions, Scenario scenario) {
			this.repositories = new Repositories(shops, buyers);
			this.transactions = transactions;
			this.scenario = scenario;
		}

		@GetMapping("/{program}/{id}")
		String run(@PathVariable Program program, @PathVariable long id) throws Exception {
			Shop shop = this.transactions.call(() -> {
				Shop found = this.repositories.shops().findById(id).orElseThrow();
				program.load(found);
				return found;
			});
			program.before(shop);
			this.transactions.required(() -> {
				program.within(shop, this.repositories);
				this.repositories.shops().flush();
				this.scenario.enter("call");
			});
			program.after(shop);
			return this.transactions.call(() -> {
				this.repositories.shops().flush();
				return shop.describe();
			});
		}

	}

	interface ShopRepository extends JpaRepository<Shop, Long> {

	}

	interface ShopBuyerRepository extends JpaRepository<ShopBuyer, Long> {

	}

	@Entity(name = "Shop")
	static class Shop {

		@Id
		@GeneratedValue
		@Nullable Long id;

		@Version
		int version;

		String name = "shop";

		byte[] logo = { 1, 2 };

		@Embedded
		Address address = new Address();

		@OneToMany(mappedBy = "shop", cascade = CascadeType.ALL, orphanRemoval = true)
		@OrderBy("name")
		List<ShopItem> items = new ArrayList<>();

		@ElementCollection
		List<String> tags = new ArrayList<>(List.of("tag"));

		@ManyToOne(fetch = FetchType.LAZY)
		ShopBuyer buyer;

		void add(String name) {
			ShopItem item = new ShopItem();
			item.name = name;
			item.shop = this;
			this.items.add(item);
		}

		String describe() {
			return "%d %s %d %s %s %s %s %d".formatted(this.version, this.name, this.logo[0], this.address.street,
					List.copyOf(this.address.phones),
					this.items.stream().map((item) -> item.name + item.shipped + "v" + item.version).toList(),
					List.copyOf(this.tags), this.buyer.getPoints());
		}

	}

	@Embeddable
	static class Address {

		String street = "street";

		@ElementCollection
		List<String> phones = new ArrayList<>(List.of("1"));

	}

	@Entity(name = "ShopItem")
	static class ShopItem {

		@Id
		@GeneratedValue
		@Nullable Long id;

		@Version
		int version;

		String name = "";

		int shipped;

		@ManyToOne(fetch = FetchType.LAZY)
		@Nullable Shop shop;

	}

	@Entity(name = "ShopBuyer")
	static class ShopBuyer {

		@Id
		@GeneratedValue
		@Nullable Long id;

		@Version
		int version;

		int points;

		public int getPoints() {
			return this.points;
		}

		public void addPoints(int points) {
			this.points += points;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EntityScan(basePackageClasses = Shop.class)
	@EnableJpaRepositories(basePackageClasses = Shop.class, considerNestedRepositories = true)
	@Import({ Scenario.class, Transactions.class, ShopController.class })
	static class Application {

	}

}
