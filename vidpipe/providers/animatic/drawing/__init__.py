"""Everything that puts a keyframe of the animatic on paper: words in, layers of cut paper out."""
