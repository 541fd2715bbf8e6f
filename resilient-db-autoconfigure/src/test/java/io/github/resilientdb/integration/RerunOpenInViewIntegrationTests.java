package io.github.resilientdb.integration;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.test.proxy.Statements;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests under open-in-view whose controller has loaded, and changed, what a method
 * that is rerun works on: they answer and write what they do without a fault.
 */
@SpringBootTest(classes = RerunOpenInViewIntegrationTests.Application.class,
		webEnvironment = WebEnvironment.RANDOM_PORT)
class RerunOpenInViewIntegrationTests {

	@RegisterExtension
	static final RerunDatabase database = new RerunDatabase();

	private final HttpClient client = HttpClient.newHttpClient();

	@Autowired
	private ShopRepository shops;

	@Autowired
	private ShopBuyerRepository buyers;

	@Autowired
	private Scenario scenario;

	@Autowired
	private TransactionTemplate plain;

	@LocalServerPort
	private int port;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties);
	}

	/**
	 * When the connection is lost.
	 */
	enum Loss {

		NONE, STATEMENT, COMMIT_REQUEST, COMMIT_REPLY

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
			void before(Shop shop) {
				assertThat(shop.items).hasSize(2);
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
			void before(Shop shop) {
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
		LOADED_COLLECTION_LARGE {
			@Override
			void before(Shop shop) {
				assertThat(shop.items).isNotEmpty();
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

		void before(Shop shop) {
		}

		void within(Shop shop, Repositories repositories) {
		}

		void after(Shop shop) {
		}

	}

	static Stream<Arguments> programsAndLosses() {
		return Stream.of(Program.values())
			.flatMap((program) -> Stream.of(Loss.STATEMENT, Loss.COMMIT_REQUEST, Loss.COMMIT_REPLY)
				.map((loss) -> Arguments.of(program, loss)));
	}

	@ParameterizedTest
	@MethodSource("programsAndLosses")
	void answersAndWritesWhatItDoesWithoutAFault(Program program, Loss loss) throws Exception {
		Shop smooth = store();
		Shop disturbed = store();
		HttpResponse<String> expected = get(program, Loss.NONE, smooth);
		HttpResponse<String> response = get(program, loss, disturbed);
		assertThat(expected.statusCode()).isEqualTo(200);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEqualTo(expected.body());
		assertThat(stored(disturbed)).isEqualTo(stored(smooth));
		assertThat(this.scenario.runs("call")).isEqualTo((loss == Loss.COMMIT_REPLY) ? 2 : 3);
	}

	@Test
	void refusesTheRerunIfTooMuchWasLoadedBefore() throws Exception {
		Shop shop = store();
		this.scenario.jdbc()
			.update("insert into shop_item (id, version, name, shipped, shop_id)"
					+ " select -n, 0, 'many', 0, ? from generate_series(1, 10000) n", shop.id);
		HttpResponse<String> response = get(Program.LOADED_COLLECTION_LARGE, Loss.STATEMENT, shop);
		assertThat(response.statusCode()).isEqualTo(500);
		assertThat(this.scenario.runs("call")).isOne();
	}

	private Shop store() {
		return this.plain.execute((status) -> {
			Shop shop = new Shop();
			shop.add("a");
			shop.add("b");
			shop.buyer = this.buyers.save(new ShopBuyer());
			return this.shops.save(shop);
		});
	}

	private HttpResponse<String> get(Program program, Loss loss, Shop shop) throws IOException, InterruptedException {
		if (loss == Loss.COMMIT_REQUEST || loss == Loss.COMMIT_REPLY) {
			// The first one ends the read before the call
			database.proxy()
				.arm((loss == Loss.COMMIT_REQUEST) ? Fault.DROP_REQUEST : Fault.DROP_RESPONSE, Statements.commit(), 2);
		}
		URI uri = URI.create("http://localhost:%d/%s/%s/%d".formatted(this.port, program, loss, shop.id));
		return this.client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
	}

	private String stored(Shop shop) {
		return this.plain.execute((status) -> this.shops.findById(shop.id).orElseThrow().describe());
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

		@GetMapping("/{program}/{loss}/{id}")
		String run(@PathVariable Program program, @PathVariable Loss loss, @PathVariable long id) throws Exception {
			Shop shop = this.repositories.shops().findById(id).orElseThrow();
			program.before(shop);
			int before = this.scenario.runs("call");
			this.transactions.required(() -> {
				program.within(shop, this.repositories);
				this.repositories.shops().flush();
				if (this.scenario.enter("call") == before + 1 && loss == Loss.STATEMENT) {
					this.scenario.disconnect();
				}
			});
			program.after(shop);
			this.transactions.plain(() -> this.repositories.shops().count());
			return shop.describe();
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
