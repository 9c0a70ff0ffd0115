"""The steps: storyboard, keyframe, clip, film. A step asks for the targets it needs and then makes its own file."""
