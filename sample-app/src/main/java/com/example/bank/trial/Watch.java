package com.example.bank.trial;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.example.bank.trial.TrialEvent.Type;

/**
 * Tells what has changed since it last looked.
 */
class Watch {

	private final EventLog log;

	private final Map<String, Long> known = new ConcurrentHashMap<>();

	Watch(EventLog log) {
		this.log = log;
	}

	void look(List<Lane> lanes) {
		for (Lane lane : lanes) {
			tell(lane.kind(), Type.LOST, lane.observer().losses(), "lost a connection", "lost %d connections");
			tell(lane.kind(), Type.FAILED, lane.failed(), "1 call failed", "%d calls failed");
			tell(lane.kind(), Type.RERUN, lane.observer().reruns(), "reran a call", "reran %d calls");
			tell(lane.kind(), Type.VERIFIED, lane.observer().lookedUp(), "looked up a COMMIT", "looked up %d COMMITs");
		}
	}

	void compare(List<LaneReport> reports) {
		for (LaneReport report : reports) {
			tell(report.lane(), Type.WRONG, report.bookedTwice(), "1 transfer booked twice",
					"%d transfers booked twice");
			tell(report.lane(), Type.WRONG, report.failedYetBooked(), "1 transfer \"failed\", yet booked",
					"%d transfers \"failed\", yet booked");
			tell(report.lane(), Type.WRONG, report.lost(), "1 transfer lost", "%d transfers lost");
		}
	}

	private void tell(LaneKind lane, Type type, long count, String one, String many) {
		Long before = this.known.put(lane + many, count);
		long news = count - ((before != null) ? before : 0);
		if (news > 0) {
			this.log.add(lane, type, (news == 1) ? one : String.format(Locale.ROOT, many, news));
		}
	}

}
