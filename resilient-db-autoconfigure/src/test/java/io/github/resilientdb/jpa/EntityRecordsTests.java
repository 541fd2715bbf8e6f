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
 * Tests for {@link EntityRecords}.
 */
class EntityRecordsTests {

	private static SessionFactory sessionFactory;

	private static EntityPersister notes;

	private final EntityRecords records = new EntityRecords();

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
		this.records.add(notes, note);
		note.text = "second";
		this.records.add(notes, note);
		note.text = "third";
		this.records.latestFirst().forEach(EntityRecord::restoreAttributes);
		assertThat(note.text).isEqualTo("first");
	}

	@Test
	void forgetsEntitiesThatNobodyHolds() {
		Note held = Note.of("held");
		this.records.add(notes, held);
		for (int i = 0; i < 1000; i++) {
			this.records.add(notes, Note.of("dropped"));
		}
		Awaitility.await().untilAsserted(() -> {
			System.gc();
			this.records.add(notes, held);
			assertThat(this.records.latestFirst()).hasSizeLessThan(100)
				.filteredOn((entity) -> entity.get() == held)
				.isNotEmpty();
		});
	}

	@Test
	void saysWhetherAnythingHadChanged() {
		Note note = Note.of("before");
		this.records.add(notes, note);
		EntityRecord entity = this.records.latestFirst().get(0);
		assertThat(entity.isChanged((element) -> false)).isFalse();
		note.text = "after";
		assertThat(entity.isChanged((element) -> false)).isTrue();
		entity.restoreAttributes();
		assertThat(entity.isChanged((element) -> false)).isFalse();
	}

}
