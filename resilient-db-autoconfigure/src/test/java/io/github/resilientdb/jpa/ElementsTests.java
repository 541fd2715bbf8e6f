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
 * Tests for {@link Elements}.
 */
class ElementsTests {

	@Test
	void putsElementsBackInTheirOrder() {
		List<String> list = new ArrayList<>(List.of("b", "a"));
		Elements elements = Elements.of(list);
		list.sort(null);
		list.add("c");
		assertThat(elements.isDifferent()).isTrue();
		elements.restore();
		assertThat(list).containsExactly("b", "a");
	}

	@Test
	void putsAnEqualButOtherElementBack() {
		String before = new String(new char[] { 'a' });
		List<String> list = new ArrayList<>(List.of(before));
		Elements elements = Elements.of(list);
		list.set(0, new String(new char[] { 'a' }));
		assertThat(elements.isDifferent()).isTrue();
		elements.restore();
		assertThat(list.get(0)).isSameAs(before);
	}

	@Test
	void hashesAgainWhatItPutsBack() {
		Entities.Note note = new Entities.Note();
		Set<Entities.Note> set = new HashSet<>(Set.of(note));
		Elements elements = Elements.of(set);
		set.clear();
		note.id = java.util.UUID.randomUUID();
		set.add(note);
		set.add(Entities.Note.of("other"));
		note.id = null;
		assertThat(elements.isDifferent()).isTrue();
		elements.restore();
		assertThat(set).containsExactly(note);
		assertThat(set.contains(note)).isTrue();
	}

	@Test
	void doesNotTouchWhatIsAsItWas() {
		Collection<String> unmodifiable = Collections.unmodifiableList(new ArrayList<>(List.of("a")));
		assertThat(Elements.of(unmodifiable).isDifferent()).isFalse();
		assertThat(Elements.of(Map.of("a", "b")).isDifferent()).isFalse();
		assertThat(Elements.of(new int[] { 1 }).isDifferent()).isFalse();
	}

	@Test
	void failsIfItCannotPutBack() {
		List<String> list = new ArrayList<>();
		Elements elements = Elements.of(Collections.unmodifiableList(list));
		list.add("a");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(elements::restore);
	}

	@Test
	void putsEntriesBack() {
		Map<String, Object> map = new LinkedHashMap<>(Map.of("a", 1));
		Elements elements = Elements.of(map);
		map.put("a", 2);
		map.put("b", 3);
		assertThat(elements.isDifferent()).isTrue();
		elements.restore();
		assertThat(map).containsExactly(Map.entry("a", 1));
	}

	@Test
	void putsTheElementsOfArraysBack() {
		String[] array = { "a", "b" };
		Elements elements = Elements.of(array);
		array[0] = "c";
		assertThat(elements.isDifferent()).isTrue();
		elements.restore();
		assertThat(array).containsExactly("a", "b");
		assertThat(elements.isDifferent()).isFalse();
	}

}
