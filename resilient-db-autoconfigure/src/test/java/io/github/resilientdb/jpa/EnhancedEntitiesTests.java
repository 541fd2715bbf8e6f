package io.github.resilientdb.jpa;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

import io.github.resilientdb.AttemptListener;
import io.github.resilientdb.jpa.enhanced.Document;
import io.github.resilientdb.jpa.enhanced.EnhancedScenario;
import org.hibernate.bytecode.enhance.spi.DefaultEnhancementContext;
import org.hibernate.bytecode.enhance.spi.Enhancer;
import org.hibernate.bytecode.enhance.spi.UnloadedClass;
import org.hibernate.bytecode.enhance.spi.UnloadedField;
import org.hibernate.bytecode.internal.BytecodeProviderInitiator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests for entities whose bytecode is enhanced (lazy attributes, dirty tracking).
 */
class EnhancedEntitiesTests {

	@Test
	@SuppressWarnings("unchecked")
	void areAsNewForARerun() throws Exception {
		Class<?> scenario = new EnhancingClassLoader().loadClass(EnhancedScenario.class.getName());
		((Consumer<AttemptListener>) scenario.getDeclaredConstructor().newInstance())
			.accept(new PersistenceAttemptListener());
	}

	/**
	 * Defines the classes of the package anew, and enhances the entities among them.
	 */
	private static final class EnhancingClassLoader extends ClassLoader {

		private static final String PACKAGE = EnhancedScenario.class.getPackageName();

		private final Enhancer enhancer;

		EnhancingClassLoader() {
			super(EnhancedEntitiesTests.class.getClassLoader());
			this.enhancer = BytecodeProviderInitiator.buildDefaultBytecodeProvider().getEnhancer(new Everything(this));
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (!name.startsWith(PACKAGE)) {
				return super.loadClass(name, resolve);
			}
			Class<?> loaded = findLoadedClass(name);
			return (loaded != null) ? loaded : define(name);
		}

		private Class<?> define(String name) throws ClassNotFoundException {
			try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
				if (file == null) {
					throw new ClassNotFoundException(name);
				}
				byte[] original = file.readAllBytes();
				byte @Nullable [] enhanced = name.startsWith(Document.class.getName())
						? this.enhancer.enhance(name, original) : null;
				byte[] bytes = (enhanced != null) ? enhanced : original;
				return defineClass(name, bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				throw new ClassNotFoundException(name, ex);
			}
		}

	}

	private static final class Everything extends DefaultEnhancementContext {

		private final ClassLoader classLoader;

		Everything(ClassLoader classLoader) {
			this.classLoader = classLoader;
		}

		@Override
		public ClassLoader getLoadingClassLoader() {
			return this.classLoader;
		}

		@Override
		public boolean hasLazyLoadableAttributes(UnloadedClass classDescriptor) {
			return true;
		}

		@Override
		public boolean isLazyLoadable(UnloadedField field) {
			return true;
		}

	}

}
