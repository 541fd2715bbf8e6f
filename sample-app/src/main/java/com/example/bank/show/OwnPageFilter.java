package com.example.bank.show;

import java.io.IOException;
import java.util.Set;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets only the sample's own page break things: not other sites that are open in the same
 * browser, whether they ask directly, by a name of theirs that leads to this machine, or
 * with the page in a frame of theirs.
 */
@Component
@ConditionalOnWebApplication
class OwnPageFilter extends OncePerRequestFilter {

	private static final Set<String> HOSTS = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		response.setHeader("X-Frame-Options", "DENY");
		if (!HOSTS.contains(request.getServerName()) || isOfAnotherSite(request)) {
			response.sendError(HttpServletResponse.SC_FORBIDDEN);
			return;
		}
		chain.doFilter(request, response);
	}

	// Links from elsewhere to the page are welcome
	private static boolean isOfAnotherSite(HttpServletRequest request) {
		String site = request.getHeader("Sec-Fetch-Site");
		return request.getRequestURI().startsWith("/show") && ("cross-site".equals(site) || "same-site".equals(site));
	}

}
