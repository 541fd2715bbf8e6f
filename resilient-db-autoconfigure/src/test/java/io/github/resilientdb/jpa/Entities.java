package io.github.resilientdb.jpa;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.persistence.CascadeType;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MapsId;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OneToOne;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.PrePersist;
import jakarta.persistence.Transient;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.Persistable;
import org.springframework.data.jpa.repository.JpaRepository;

/**
 * Entities of every kind that matters for a rerun.
 */
final class Entities {

	private Entities() {
	}

	interface OrderRepository extends JpaRepository<Order, Long> {

	}

	interface VoucherRepository extends JpaRepository<Voucher, String> {

	}

	interface FlaggedRepository extends JpaRepository<Flagged, String> {

	}

	/**
	 * A sequence, a version, children by reference to both sides, a set, a map, and an
	 * embeddable with a collection.
	 */
	@Entity(name = "Order")
	@jakarta.persistence.Table(name = "orders")
	static class Order {

		@Id
		@GeneratedValue(strategy = GenerationType.SEQUENCE)
		@Nullable Long id;

		@Version
		@Nullable Integer version;

		String status = "NEW";

		@Nullable String createdBy;

		@OneToMany(mappedBy = "order", cascade = CascadeType.ALL, orphanRemoval = true)
		List<Line> lines = new ArrayList<>();

		@OneToMany(cascade = CascadeType.ALL)
		Set<Note> notes = new HashSet<>();

		@ElementCollection
		Map<String, String> labels = new HashMap<>();

		@Embedded
		Shipping shipping = new Shipping();

		Order addLine(String product) {
			Line line = new Line();
			line.product = product;
			line.order = this;
			this.lines.add(line);
			return this;
		}

		@PrePersist
		void stamp() {
			if (this.createdBy == null) {
				this.createdBy = Thread.currentThread().getName();
			}
		}

	}

	@Embeddable
	static class Shipping {

		@Nullable String street;

		@ElementCollection
		List<String> parcels = new ArrayList<>();

	}

	/**
	 * An identity column, the inverse side of its parent's list, and a child of its own.
	 */
	@Entity(name = "Line")
	static class Line {

		@Id
		@GeneratedValue(strategy = GenerationType.IDENTITY)
		@Nullable Long id;

		@Version
		long version;

		@Nullable String product;

		@ManyToOne
		@Nullable Order order;

		@OneToOne(cascade = CascadeType.PERSIST)
		@Nullable Note note;

	}

	/**
	 * A UUID, and equality by it.
	 */
	@Entity(name = "Note")
	static class Note {

		@Id
		@GeneratedValue
		@Nullable UUID id;

		String text = "";

		static Note of(String text) {
			Note note = new Note();
			note.text = text;
			return note;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return this == other || (other instanceof Note note && this.id != null && this.id.equals(note.id));
		}

		@Override
		public int hashCode() {
			return (this.id != null) ? this.id.hashCode() : 0;
		}

	}

	/**
	 * An assigned identifier, new by its version.
	 */
	@Entity(name = "Voucher")
	static class Voucher {

		@Id
		@Nullable String code;

		@Version
		@Nullable Long version;

		static Voucher of(String code) {
			Voucher voucher = new Voucher();
			voucher.code = code;
			return voucher;
		}

	}

	/**
	 * A primitive identifier and a primitive version.
	 */
	@Entity(name = "Primitive")
	static class Primitive {

		@Id
		@GeneratedValue(strategy = GenerationType.SEQUENCE)
		long id;

		@Version
		int version;

	}

	/**
	 * An embedded identifier, a part of which comes from its parent.
	 */
	@Entity(name = "Item")
	static class Item {

		@EmbeddedId
		ItemId id = new ItemId();

		@MapsId("orderId")
		@ManyToOne(cascade = CascadeType.PERSIST)
		@Nullable Order order;

	}

	@Embeddable
	static class ItemId implements Serializable {

		@Nullable Long orderId;

		int position;

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof ItemId that && this.position == that.position
					&& java.util.Objects.equals(this.orderId, that.orderId);
		}

		@Override
		public int hashCode() {
			return this.position;
		}

	}

	/**
	 * The whole identifier comes from its parent.
	 */
	@Entity(name = "Invoice")
	static class Invoice {

		@Id
		@Nullable Long id;

		@MapsId
		@OneToOne(cascade = CascadeType.PERSIST)
		@Nullable Order order;

	}

	/**
	 * The entity carries the attributes of its identifier, one of them an association.
	 */
	@Entity(name = "Seat")
	@IdClass(SeatId.class)
	static class Seat {

		@Id
		@ManyToOne(cascade = CascadeType.PERSIST)
		@Nullable Order order;

		@Id
		int number;

	}

	static class SeatId implements Serializable {

		@Nullable Long order;

		int number;

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof SeatId that && this.number == that.number
					&& java.util.Objects.equals(this.order, that.order);
		}

		@Override
		public int hashCode() {
			return this.number;
		}

	}

	/**
	 * Says by a flag of its own whether it is new.
	 */
	@Entity(name = "Flagged")
	static class Flagged implements Persistable<String> {

		@Id
		@Nullable String id;

		@Transient
		boolean isNew = true;

		static Flagged of(String id) {
			Flagged flagged = new Flagged();
			flagged.id = id;
			return flagged;
		}

		@Override
		public @Nullable String getId() {
			return this.id;
		}

		@Override
		public boolean isNew() {
			return this.isNew;
		}

		@PostPersist
		@PostLoad
		void markNotNew() {
			this.isNew = false;
		}

	}

}
