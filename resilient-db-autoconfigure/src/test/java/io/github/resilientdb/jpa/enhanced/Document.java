package io.github.resilientdb.jpa.enhanced;

import java.util.ArrayList;
import java.util.List;

import jakarta.persistence.Basic;
import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

/**
 * A parent, with a lazy attribute.
 */
@Entity
public class Document {

	@Id
	@GeneratedValue
	@Nullable Long id;

	@Version
	int version;

	String title = "";

	@Basic(fetch = FetchType.LAZY)
	@Nullable String body;

	@OneToMany(mappedBy = "document", cascade = CascadeType.ALL)
	List<Page> pages = new ArrayList<>();

	void rewrite(String title, String body) {
		this.title = title;
		this.body = body;
	}

	@Nullable String body() {
		return this.body;
	}

	List<Page> pages() {
		return this.pages;
	}

	/**
	 * A child.
	 */
	@Entity
	public static class Page {

		@Id
		@GeneratedValue
		@Nullable Long id;

		@ManyToOne(fetch = FetchType.LAZY)
		@Nullable Document document;

	}

}
