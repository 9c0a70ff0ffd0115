"""Captions: a narration as cues in time, as SRT and WebVTT files, and as letters drawn into the pictures."""
