package io.github.resilientdb.jpa;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CollectionSnapshot}.
 */
class CollectionSnapshotTests {

	@Test
	void putsElementsBackInTheirOrder() {
		List<String> list = new ArrayList<>(List.of("b", "a"));
		CollectionSnapshot elements = CollectionSnapshot.of(list);
		list.sort(null);
		list.add("c");
		elements.restore();
		assertThat(list).containsExactly("b", "a");
	}

	@Test
	void putsAnEqualButOtherElementBack() {
		String before = new String(new char[] { 'a' });
		List<String> list = new ArrayList<>(List.of(before));
		CollectionSnapshot elements = CollectionSnapshot.of(list);
		list.set(0, new String(new char[] { 'a' }));
		elements.restore();
		assertThat(list.get(0)).isSameAs(before);
	}

	@Test
	void hashesAgainWhatItPutsBack() {
		Entities.Note note = new Entities.Note();
		Set<Entities.Note> set = new HashSet<>(Set.of(note));
		CollectionSnapshot elements = CollectionSnapshot.of(set);
		set.clear();
		note.id = java.util.UUID.randomUUID();
		set.add(note);
		set.add(Entities.Note.of("other"));
		note.id = null;
		elements.restore();
		assertThat(set).containsExactly(note);
		assertThat(set.contains(note)).isTrue();
	}

	@Test
	void hashesAgainTheSameElementWhoseHashHasChanged() {
		Entities.Note note = new Entities.Note();
		Set<Entities.Note> set = new HashSet<>(Set.of(note));
		CollectionSnapshot elements = CollectionSnapshot.of(set);
		set.clear();
		note.id = java.util.UUID.randomUUID();
		set.add(note);
		note.id = null;
		assertThat(set.contains(note)).isFalse();
		elements.restore();
		assertThat(set.contains(note)).isTrue();
	}

	@Test
	void doesNotTouchWhatIsAsItWas() {
		Collection<String> unmodifiable = Collections.unmodifiableList(new ArrayList<>(List.of("a")));
		CollectionSnapshot.of(unmodifiable).restore();
		CollectionSnapshot.of(Map.of("a", "b")).restore();
		assertThat(unmodifiable).containsExactly("a");
		assertThat(CollectionSnapshot.isContainer(new int[] { 1 })).isFalse();
	}

	@Test
	void failsIfItCannotPutBack() {
		List<String> list = new ArrayList<>();
		CollectionSnapshot elements = CollectionSnapshot.of(Collections.unmodifiableList(list));
		list.add("a");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(elements::restore);
	}

	@Test
	void putsEntriesBack() {
		Map<String, Object> map = new LinkedHashMap<>(Map.of("a", 1));
		CollectionSnapshot elements = CollectionSnapshot.of(map);
		map.put("a", 2);
		map.put("b", 3);
		elements.restore();
		assertThat(map).containsExactly(Map.entry("a", 1));
	}

	@Test
	void putsTheElementsOfArraysBack() {
		String[] array = { "a", "b" };
		CollectionSnapshot elements = CollectionSnapshot.of(array);
		array[0] = "c";
		elements.restore();
		assertThat(array).containsExactly("a", "b");
	}

}
