"""What can be said of a track: at first what its publisher announced, then what was negotiated."""

from __future__ import annotations

from dataclasses import replace

from folkmoot.engine import ReceivingSection
from folkmoot.protocol.requests import AddTrack
from folkmoot.protocol.values import SIMULCAST_POLICY, CodecInfo, Kind, Layer, Source, Track
from folkmoot.rooms.model import Now

MIMES = {
    "vp8": "video/VP8",
    "h264": "video/H264",
    "vp9": "video/VP9",
    "av1": "video/AV1",
    "h265": "video/H265",
    "opus": "audio/opus",
    "red": "audio/red",
}
TF_STEREO, TF_NO_DTX = 0, 1
BACKUPS = ("video/VP8", "video/H264")
"""What every browser decodes."""
RIDS = ("q", "h", "f")
NO_ENCRYPTION = 0


def describe(sid: str, request: AddTrack) -> Track:
    """What can be said of a track before its section is known."""
    audio = request.kind is Kind.AUDIO
    features = set(request.audio_features[:16])
    if audio and request.stereo:
        features.add(TF_STEREO)
    if audio and request.disable_dtx:
        features.add(TF_NO_DTX)
    codecs = request.codecs or (CodecInfo(cid=request.cid, layers=request.layers),)
    first = codecs[0]
    codecs = (
        replace(
            first,
            mime=mime_of(first.mime, request.kind),
            cid=first.cid or request.cid,
            layers=first.layers or request.layers,
        ),
        *_backup(request),
    )
    return Track(
        sid=sid,
        kind=request.kind,
        source=request.source,
        name=request.name,
        muted=request.muted,
        width=request.width,
        height=request.height,
        simulcast=not audio and len(request.layers) > 1,
        layers=request.layers,
        codecs=codecs,
        mime=codecs[0].mime,
        stereo=TF_STEREO in features,
        disable_dtx=TF_NO_DTX in features,
        disable_red=request.disable_red,
        encryption=request.encryption,
        stream=request.stream or _stream(request.source),
        audio_features=tuple(sorted(features)),
        backup_codec_policy=SIMULCAST_POLICY if audio else request.backup_codec_policy,
        packet_trailer_features=request.packet_trailer_features,
    )


def _backup(request: AddTrack) -> tuple[CodecInfo, ...]:
    """The second codec, of one we can forward. Clients that encrypt send no other than the first."""
    named = [mime_of(codec.mime, request.kind) for codec in request.codecs[:2]]
    offered = request.kind is Kind.VIDEO and request.encryption == NO_ENCRYPTION and len(named) == 2
    if not offered or named[0] == named[1] or named[1] not in BACKUPS:
        return ()
    return (CodecInfo(mime=named[1], layer_mode=request.codecs[1].layer_mode),)


def backup_mime(info: Track) -> str:
    """Empty: it comes in one codec, or its first turned out to be that one."""
    mime = info.codecs[1].mime if len(info.codecs) > 1 else ""
    return "" if mime == info.mime else mime


def mime_of(codec: str, kind: Kind) -> str:
    """`vp8`, `video/vp8`, `VP8` → `video/VP8`."""
    if not codec:
        return ""
    name = codec.lower().rpartition("/")[2]
    return MIMES.get(name, f"{kind.name.lower()}/{name}")


def negotiated(info: Track, section: ReceivingSection, now: Now) -> Track:
    mime = section.codecs[0] if section.codecs else info.mime
    layers = with_rids(info.layers, section.rids)
    first = replace(
        info.codecs[0], mime=mime, mid=section.mid, layers=with_rids(info.codecs[0].layers, section.rids)
    )
    return replace(
        info,
        mime=mime,
        mid=section.mid,
        layers=layers,
        codecs=(first, *info.codecs[1:]),
        changed_us=now.ms * 1000,
    )


def with_rids(layers: tuple[Layer, ...], rids: list[str]) -> tuple[Layer, ...]:
    """Layers are told apart by rank among those present, not by name: with one layer, rid `q` is the best."""
    if not rids:
        return layers
    ordered = [rid for rid in RIDS if rid in rids] or list(rids)
    ranked = sorted(range(len(layers)), key=lambda i: layers[i].quality)
    named = list(layers)
    for rank, index in enumerate(ranked):
        rid = ordered[rank] if rank < len(ordered) else ""
        named[index] = replace(layers[index], spatial_layer=rank, rid=rid)
    return tuple(named)


def in_backup(
    info: Track, cid: str, section: ReceivingSection | None, now: Now, layers: tuple[Layer, ...] = ()
) -> Track:
    """With what was negotiated of its second codec; None: that is gone."""
    first, backup = info.codecs[0], info.codecs[1]
    mid, rids = (section.mid, section.rids) if section is not None else ("", [])
    backup = replace(backup, mid=mid, cid=cid, layers=with_rids(layers, rids))
    return replace(info, codecs=(first, backup), changed_us=now.ms * 1000)


def _stream(source: Source) -> str:
    if source in (Source.SCREEN_SHARE, Source.SCREEN_SHARE_AUDIO):
        return "screenshare"
    return "camera" if source in (Source.CAMERA, Source.MICROPHONE) else "unknown"
