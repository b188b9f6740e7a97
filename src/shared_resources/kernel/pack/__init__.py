"""The pack that proves itself: files, papers and custody in one streamed zip (BagIt), with its own checker."""
