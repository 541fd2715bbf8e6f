package io.github.resilientdb.retry.repository;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * An entity of JPA, and an aggregate of Spring Data JDBC.
 */
@Entity(name = "Item")
@Table("item")
class Item {

	@Id
	@jakarta.persistence.Id
	@GeneratedValue(strategy = GenerationType.IDENTITY)
	@Nullable Long id;

	String name = "";

	static Item named(String name) {
		Item item = new Item();
		item.name = name;
		return item;
	}

}
