package io.github.resilientdb.integration;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A clinic whose controllers call its repositories directly, one transaction per call,
 * under open-in-view, while sessions are ended and COMMITs and their replies are lost.
 * Nothing of ours is written in it: one property makes it survive.
 */
@SpringBootTest(classes = DirectRepositoriesIntegrationTests.Clinic.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "resilientdb.retry.methods=*", "logging.level.io.github.resilientdb.pool=error",
				"logging.level.com.zaxxer.hikari=error", "logging.level.org.hibernate=off" })
class DirectRepositoriesIntegrationTests {

	private static final Logger logger = LoggerFactory.getLogger(DirectRepositoriesIntegrationTests.class);

	private static final int CLIENTS = 4;

	@RegisterExtension
	static final RerunDatabase database = new RerunDatabase();

	private final HttpClient client = HttpClient.newHttpClient();

	@Autowired
	private JdbcTemplate jdbc;

	@LocalServerPort
	private int port;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties);
	}

	@Test
	@Timeout(300)
	void surviveAStorm() throws InterruptedException {
		survive(160);
	}

	@Test
	@Tag("soak")
	@Timeout(900)
	void surviveALongStorm() throws InterruptedException {
		survive(1200);
	}

	private void survive(int requests) throws InterruptedException {
		this.jdbc.execute("truncate visit, pet, owner cascade");
		Storm storm = new Storm(requests);
		List<Thread> clients = new ArrayList<>();
		for (int i = 0; i < CLIENTS; i++) {
			Thread thread = new Thread(() -> visit(storm), "client-" + i);
			clients.add(thread);
			thread.start();
		}
		int struck = strike(storm);
		for (Thread thread : clients) {
			thread.join();
		}
		database.proxy().disarm();
		List<String> names = this.jdbc.queryForList("select last_name from owner", String.class);
		List<String> notes = this.jdbc.queryForList("select note from visit", String.class);
		logger.info("{} requests, {} faults, {} failed; {} owners and {} visits stored", storm.requests, struck,
				storm.failures.size(), names.size(), notes.size());
		assertThat(storm.failures).isEmpty();
		assertThat(struck).isGreaterThanOrEqualTo(requests / 80);
		assertThat(names).containsExactlyInAnyOrderElementsOf(storm.owners);
		assertThat(notes).containsExactlyInAnyOrderElementsOf(storm.visits);
		assertThat(this.jdbc.queryForObject("select count(*) from owner where telephone <> 'changed 1'", Long.class))
			.isZero();
	}

	/**
	 * Break something, again and again, until the clients are done.
	 */
	private int strike(Storm storm) throws InterruptedException {
		int struck = 0;
		while (!storm.isOver()) {
			int reached = storm.requests.get();
			switch (struck % 4) {
				case 0 -> database.execute("select pg_terminate_backend(pid) from pg_stat_activity"
						+ " where datname = current_database() and pid <> pg_backend_pid()");
				case 1 -> fire(Fault.DROP_RESPONSE, storm);
				case 2 -> fire(Fault.DROP_REQUEST, storm);
				default -> database.proxy().reset();
			}
			struck++;
			while (!storm.isOver() && storm.requests.get() < reached + 20) {
				Thread.sleep(2);
			}
		}
		return struck;
	}

	private static void fire(Fault kind, Storm storm) throws InterruptedException {
		ArmedFault fault = database.proxy().arm(kind);
		while (!storm.isOver() && !fault.isFired()) {
			Thread.sleep(2);
		}
	}

	private void visit(Storm storm) {
		while (!storm.isOver()) {
			String name = UUID.randomUUID().toString();
			storm.owners.add(name);
			String id = request(storm, "POST", "/owners/" + name);
			if (id == null) {
				return;
			}
			storm.visits.add(name);
			request(storm, "POST", "/owners/" + id + "/visits/" + name);
			request(storm, "POST", "/owners/" + id + "/telephone");
			request(storm, "GET", "/owners/" + id);
			request(storm, "GET", "/owners?name=" + name.substring(0, 4 + ThreadLocalRandom.current().nextInt(8)));
		}
	}

	private @Nullable String request(Storm storm, String method, String path) {
		URI uri = URI.create("http://localhost:" + this.port + path);
		HttpRequest request = HttpRequest.newBuilder(uri)
			.timeout(Duration.ofSeconds(60))
			.method(method, BodyPublishers.noBody())
			.build();
		try {
			HttpResponse<String> response = this.client.send(request, BodyHandlers.ofString());
			storm.requests.incrementAndGet();
			if (response.statusCode() == 200) {
				return response.body();
			}
			storm.failures.add(method + " " + path + ": " + response.statusCode() + " " + response.body());
		}
		catch (IOException | InterruptedException ex) {
			storm.failures.add(method + " " + path + ": " + ex);
		}
		return null;
	}

	private static final class Storm {

		private final AtomicInteger requests = new AtomicInteger();

		private final Set<String> owners = ConcurrentHashMap.newKeySet();

		private final Set<String> visits = ConcurrentHashMap.newKeySet();

		private final Queue<String> failures = new ConcurrentLinkedQueue<>();

		private final int enough;

		Storm(int enough) {
			this.enough = enough;
		}

		boolean isOver() {
			return this.requests.get() >= this.enough || !this.failures.isEmpty();
		}

	}

	@RestController
	static class OwnerController {

		private final OwnerRepository owners;

		OwnerController(OwnerRepository owners) {
			this.owners = owners;
		}

		@PostMapping("/owners/{name}")
		String create(@PathVariable String name) {
			Owner owner = new Owner();
			owner.lastName = name;
			owner.pets.add(new Pet());
			return String.valueOf(this.owners.save(owner).id);
		}

		@PostMapping("/owners/{id}/telephone")
		String change(@PathVariable int id) {
			Owner owner = this.owners.findById(id).orElseThrow();
			owner.changes++;
			owner.telephone = "changed " + owner.changes;
			this.owners.save(owner);
			return owner.telephone;
		}

		@PostMapping("/owners/{id}/visits/{note}")
		String visit(@PathVariable int id, @PathVariable String note) {
			Owner owner = this.owners.findById(id).orElseThrow();
			Visit visit = new Visit();
			visit.note = note;
			owner.pets.get(0).visits.add(visit);
			this.owners.save(owner);
			return note;
		}

		@GetMapping("/owners/{id}")
		String show(@PathVariable int id) {
			Owner owner = this.owners.findById(id).orElseThrow();
			assertThat(owner.telephone).isEqualTo("changed 1");
			return owner.lastName + " " + owner.pets.get(0).visits.get(0).note;
		}

		@GetMapping("/owners")
		String find(String name) {
			Page<Owner> found = this.owners.findByLastNameStartingWith(name, PageRequest.of(0, 5));
			assertThat(found).isNotEmpty();
			return String.valueOf(found.getTotalElements());
		}

	}

	interface OwnerRepository extends JpaRepository<Owner, Integer> {

		@Override
		Optional<Owner> findById(Integer id);

		@Transactional(readOnly = true)
		Page<Owner> findByLastNameStartingWith(String lastName, Pageable page);

	}

	@Entity(name = "Owner")
	static class Owner {

		@Id
		@GeneratedValue(strategy = GenerationType.IDENTITY)
		@Nullable Integer id;

		String lastName = "";

		String telephone = "new";

		int changes;

		@OneToMany(cascade = CascadeType.ALL, fetch = FetchType.EAGER)
		List<Pet> pets = new ArrayList<>();

	}

	@Entity(name = "Pet")
	static class Pet {

		@Id
		@GeneratedValue(strategy = GenerationType.IDENTITY)
		@Nullable Integer id;

		LocalDate born = LocalDate.EPOCH;

		@OneToMany(cascade = CascadeType.ALL, fetch = FetchType.EAGER)
		List<Visit> visits = new ArrayList<>();

	}

	@Entity(name = "Visit")
	static class Visit {

		@Id
		@GeneratedValue(strategy = GenerationType.IDENTITY)
		@Nullable Integer id;

		String note = "";

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EntityScan(basePackageClasses = Owner.class)
	@EnableJpaRepositories(basePackageClasses = Owner.class, considerNestedRepositories = true)
	@Import(OwnerController.class)
	static class Clinic {

	}

}
