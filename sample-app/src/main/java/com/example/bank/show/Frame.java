package com.example.bank.show;

import java.util.List;

import com.example.bank.trial.FaultStatus;
import com.example.bank.trial.LaneReport;
import com.example.bank.trial.LaneSample;
import com.example.bank.trial.Load;
import com.example.bank.trial.TrialEvent;

/**
 * What the page shows at one moment.
 *
 * @param stage how far the trial is
 * @param message what to tell about that, empty if nothing
 * @param running whether there is load
 * @param tour whether the tour is on
 * @param load how much load
 * @param compared whether the reports are up to date
 * @param samples what the banks do
 * @param reports what the clients were told, compared with the database
 * @param faults what is broken, and what can be
 * @param points the points of the charts that are new
 * @param events the events that are new
 */
record Frame(Stage stage, String message, boolean running, boolean tour, Load load, boolean compared,
		List<LaneSample> samples, List<LaneReport> reports, List<Button> faults, List<Point> points,
		List<TrialEvent> events) {

	/**
	 * How far the trial is.
	 */
	enum Stage {

		/**
		 * Nobody has looked yet.
		 */
		CLOSED,

		/**
		 * The banks are being opened.
		 */
		OPENING,

		/**
		 * The banks are open.
		 */
		OPEN,

		/**
		 * The banks could not be opened.
		 */
		FAILED

	}

	/**
	 * A button that breaks something.
	 *
	 * @param id the name in addresses
	 * @param label what is on it
	 * @param status the state it shows
	 */
	record Button(String id, String label, FaultStatus status) {

		static Button of(FaultStatus status) {
			return new Button(status.kind().id(), status.kind().label(), status);
		}

	}

}
