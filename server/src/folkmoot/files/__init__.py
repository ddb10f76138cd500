"""What people bring along: bytes under an id, in a folder or in S3, with what is known of them in the database.

Law: a file is all there or not at all, whoever is killed when. What somebody may bring is reserved before its first byte is
read, so a hundred at once bring no more than one after another. No name that somebody chose is ever a path. What comes out is a
download and never a page: whatever is in it runs nothing. A full disk is a refusal, said before the disk is full.
"""

from folkmoot.files.files import Bounds, File, Files, Wish
from folkmoot.files.folder import Folder
from folkmoot.files.port import Away, Blobs, NoRoom
from folkmoot.files.serving import answer

__all__ = ["Away", "Blobs", "Bounds", "File", "Files", "Folder", "NoRoom", "Wish", "answer"]
