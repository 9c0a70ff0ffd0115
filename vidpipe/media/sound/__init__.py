"""The sound of a film: decoded clips, voices and music mixed into one track, as loud as wanted, and never too loud.

How a film's sound is made (everything is JSON-able up to `mix`, which runs where the film is joined):

    plan = sound_plan(edit, timeline, infos)        # vidpipe.media.sound.plan; infos: one ClipInfo a segment
    arguments = plan_to_json(plan)                  # vidpipe.media.sound.form, and plan_from_json back
    for samples in mix(plan, cache, told):          # vidpipe.media.sound.mix
        ...                                         # float32 (2, frames * 2000) for each part of the timeline, in order

`cache` is the job's folder for caches; `cache/sound/` belongs to this package, which removes there what a film that
was mixed to its end did not use. `told` gets how loud the film is made, and why not louder (a `Master`). Where the
film has no sound (`audio: false`), `mix` is not called at all. Also here:

    sound_format(first bytes) -> str | None         # vidpipe.media.sound.kind: FFmpeg's demuxer, None for no sound file

A film's sound is cut into cells of 400 samples, 1/120 s: five of them make a frame, twelve the 100 ms by which the
blocks of EBU R128 advance. So what is measured of a part of the film is the same wherever the part lies.
"""
