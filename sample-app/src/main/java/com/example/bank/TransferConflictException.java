package com.example.bank;

import java.util.UUID;

/**
 * The id belongs to another transfer.
 */
@SuppressWarnings("serial")
public class TransferConflictException extends RuntimeException {

	TransferConflictException(UUID transferId) {
		super("The id " + transferId + " belongs to another transfer");
	}

}
