package io.github.resilientdb.jpa.enhanced;

import java.util.List;
import java.util.function.Consumer;

import io.github.resilientdb.AttemptListener;
import io.github.resilientdb.jpa.enhanced.Document.Page;
import org.hibernate.SessionFactory;
import org.hibernate.boot.registry.BootstrapServiceRegistry;
import org.hibernate.boot.registry.BootstrapServiceRegistryBuilder;
import org.hibernate.cfg.Configuration;
import org.hibernate.engine.spi.ManagedEntity;
import org.hibernate.engine.spi.PersistentAttributeInterceptable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Persists enhanced entities, twice. Loaded by the same class loader as they are.
 */
public class EnhancedScenario implements Consumer<AttemptListener> {

	@Override
	public void accept(AttemptListener listener) {
		BootstrapServiceRegistry registry = new BootstrapServiceRegistryBuilder()
			.applyClassLoader(getClass().getClassLoader())
			.build();
		Configuration configuration = new Configuration(registry).addAnnotatedClass(Document.class)
			.addAnnotatedClass(Page.class)
			.setProperty("hibernate.hbm2ddl.auto", "create")
			.setProperty("hibernate.connection.url", "jdbc:h2:mem:enhanced;DB_CLOSE_DELAY=-1");
		try (SessionFactory sessionFactory = configuration.buildSessionFactory()) {
			rerun(listener, sessionFactory);
		}
	}

	private void rerun(AttemptListener listener, SessionFactory sessionFactory) {
		Document document = new Document();
		document.title = "before";
		Page page = new Page();
		page.document = document;
		document.pages.add(page);
		List<Page> pages = document.pages;
		assertThat(document).isInstanceOf(ManagedEntity.class);
		for (int attempt = 1; attempt <= 2; attempt++) {
			boolean last = attempt == 2;
			assertThat(document.id).isNull();
			assertThat(page.id).isNull();
			assertThat(document.pages).isSameAs(pages).containsExactly(page);
			assertThat(document.title).isEqualTo("before");
			assertThat(document.body).isNull();
			assertThat(((PersistentAttributeInterceptable) document).$$_hibernate_getInterceptor()).isNull();
			listener.attemptStarting("Test.call");
			sessionFactory.inSession((session) -> {
				session.beginTransaction();
				session.persist(document);
				session.flush();
				document.rewrite("after", "body");
				session.flush();
				if (last) {
					session.getTransaction().commit();
				}
				else {
					session.getTransaction().rollback();
				}
			});
			if (last) {
				listener.attemptCompleted(true);
			}
			else {
				listener.attemptDiscarded();
			}
		}
		sessionFactory.inTransaction((session) -> {
			Document stored = session.find(Document.class, document.id);
			assertThat(stored.title).isEqualTo("after");
			assertThat(stored.body()).isEqualTo("body");
			assertThat(stored.version).isEqualTo(document.version).isOne();
			assertThat(stored.pages()).extracting((storedPage) -> storedPage.id).containsExactly(page.id);
		});
	}

}
