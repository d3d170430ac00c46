"""Small habits that make the face look alive, one a file."""
