package io.github.resilientdb.jpa;

import io.github.resilientdb.jpa.Entities.Note;
import org.awaitility.Awaitility;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.persister.entity.EntityPersister;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PersistedEntities}.
 */
class PersistedEntitiesTests {

	private static SessionFactory sessionFactory;

	private static EntityPersister notes;

	private final PersistedEntities entities = new PersistedEntities();

	@BeforeAll
	static void start() {
		sessionFactory = new Configuration().addAnnotatedClass(Note.class)
			.setProperty("hibernate.connection.url", "jdbc:h2:mem:records")
			.buildSessionFactory();
		notes = sessionFactory.unwrap(SessionFactoryImplementor.class)
			.getMappingMetamodel()
			.getEntityDescriptor(Note.class);
	}

	@AfterAll
	static void stop() {
		sessionFactory.close();
	}

	@Test
	void restoresTheEarliestOfSeveralLast() {
		Note note = Note.of("first");
		this.entities.add(notes, note);
		note.text = "second";
		this.entities.add(notes, note);
		note.text = "third";
		this.entities.latestFirst().forEach(EntitySnapshot::restoreAttributes);
		assertThat(note.text).isEqualTo("first");
	}

	@Test
	void forgetsEntitiesThatNobodyHolds() {
		Note held = Note.of("held");
		this.entities.add(notes, held);
		for (int i = 0; i < 1000; i++) {
			this.entities.add(notes, Note.of("dropped"));
		}
		Awaitility.await().untilAsserted(() -> {
			System.gc();
			this.entities.add(notes, held);
			assertThat(this.entities.latestFirst()).hasSizeLessThan(100)
				.filteredOn((entity) -> entity.get() == held)
				.isNotEmpty();
		});
	}

}
