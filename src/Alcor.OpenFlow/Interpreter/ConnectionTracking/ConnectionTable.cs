namespace Alcor.OpenFlow;

/// <summary>
/// The connections that a switch tracks, zone by zone, as the userspace datapath of Open vSwitch 3.1 does
/// (ovs-fields(7), "Connection Tracking Fields"; ovs-actions(7), "ct"). Nothing ends by time. A choice from a range
/// takes the first that is free; the switch may choose another, and gives what an ended connection had free only some
/// seconds later. Not modelled: helpers of protocols (alg), timeouts, limits.
/// </summary>
public sealed class ConnectionTable
{
    // Each connection twice, under the keys of both directions.
    private readonly Dictionary<ConnectionKey, Connection> connections = [];
    private readonly FragmentTable fragments = new();

    public int Count => connections.Values.Distinct().Count();

    /// <summary>
    /// A line for each connection, as <c>ovs-appctl dpctl/dump-conntrack</c> writes it but for protoinfo, sorted.
    /// </summary>
    public IReadOnlyList<string> Dump() =>
        [.. connections.Values.Distinct().Select(one => one.ToString()).Order(StringComparer.Ordinal)];

    public void Flush(ConnectionFilter which)
    {
        foreach (var gone in connections.Values.Where(one => one.Is(which)).Distinct().ToList()) Remove(gone);
    }

    public void Flush() => connections.Clear();

    /// <summary>
    /// What goes on of some packets. A fragment is kept until all of its packet are there, and then they go on
    /// together, each with what is known of the whole.
    /// </summary>
    internal IReadOnlyList<TrackedPacket> Track(IEnumerable<TrackedPacket> packets, TrackRequest request)
    {
        var released = new List<TrackedPacket>();
        foreach (var packet in packets)
        {
            if (FragmentTable.Fragment(packet.Packet) is not { } header) released.Add(TrackWhole(packet, request));
            else if (FragmentTable.IsRefused(packet.Packet, header)) released.Add(Invalid(packet, request.Zone));
            else if (fragments.Add(packet, header, request.Zone) is not { } arrival)
                released.Add(Invalid(packet, request.Zone));
            else if (arrival.All is { } all) released.AddRange(Track(all, request));
        }

        return released;
    }

    private IEnumerable<TrackedPacket> Track(FragmentTable.Complete all, TrackRequest request)
    {
        var whole = TrackWhole(new TrackedPacket(all.Whole, all.Fragments[0].Connection), request);
        var metadata = whole.Connection with { Found = null };
        return all.Fragments.Select(fragment => new TrackedPacket(
            Translation.Copied(whole.Packet, all.Whole, fragment.Packet), metadata));
    }

    private TrackedPacket TrackWhole(TrackedPacket packet, TrackRequest request)
    {
        if (packet.Connection.Found is { } known && known.Key.Zone == request.Zone && !request.Force)
            return Again(packet, known, request);
        return TrackedHeader.Read(packet.Packet, request.Zone) is { } header
            ? new Tracking(this, packet, header, request).Run()
            : Invalid(packet, request.Zone);
    }

    private static TrackedPacket Invalid(TrackedPacket packet, ushort zone) => packet with
    {
        Connection = packet.Connection with
        {
            State = CtState.Invalid | CtState.Tracked, Zone = zone, Mark = 0, Label = 0, Original = null,
        },
    };

    /// <summary>A connection that was found a moment ago: only what the request adds is done.</summary>
    private static TrackedPacket Again(TrackedPacket packet, Connection known, TrackRequest request)
    {
        var metadata = packet.Connection with { Zone = request.Zone };
        if (request.Nat is not null)
        {
            if (known.Nat != NatKind.Existing && !metadata.IsTranslated)
                packet = packet with
                {
                    Packet = Translation.Applied(packet.Packet, known, metadata.IsReply, metadata.IsRelated),
                };
            metadata = metadata with
            {
                State = metadata.State | Translation.State(known, metadata.IsReply), Found = null,
            };
        }

        return packet with { Connection = Marked(metadata, known, request) };
    }

    /// <summary>Writes mark and label to the connection, and tells the packet.</summary>
    private static ConnectionMetadata Marked(ConnectionMetadata metadata, Connection connection, TrackRequest request)
    {
        connection.Mark = (uint)(connection.Mark & ~request.Mark.Mask | request.Mark.Value & request.Mark.Mask);
        connection.Label = connection.Label & ~request.Label.Mask | request.Label.Value & request.Label.Mask;
        return metadata with { Mark = connection.Mark, Label = connection.Label };
    }

    private (Connection Connection, bool IsReply)? Find(ConnectionKey key) =>
        connections.TryGetValue(key, out var found) ? (found, found.Key != key) : null;

    private void Add(Connection connection)
    {
        connections[connection.Key] = connection;
        connections.TryAdd(connection.Reply, connection);
    }

    private void Remove(Connection connection)
    {
        connections.Remove(connection.Key);
        if (connections.TryGetValue(connection.Reply, out var other) && other == connection)
            connections.Remove(connection.Reply);
    }

    /// <summary>One look-up of one packet.</summary>
    private sealed class Tracking(
        ConnectionTable table, TrackedPacket packet, TrackedHeader header, TrackRequest request)
    {
        private readonly ConnectionMetadata before = packet.Connection;
        private Packet frame = packet.Packet;
        private ConnectionKey key = header.Key;
        private CtState state = packet.Connection.Zone == request.Zone ? packet.Connection.State : CtState.None;
        private bool isReply;

        private bool IsTranslated => (state & (CtState.SourceTranslated | CtState.DestinationTranslated))
            != CtState.None;

        public TrackedPacket Run()
        {
            var connection = Lookup();
            if (connection is not null && request.Force && isReply)
            {
                table.Remove(connection);
                connection = null;
            }

            var isNew = connection is null ? Unknown(out connection) : Known(connection);
            if (isNew) connection = table.Find(key) is null ? Begin() : null;
            var metadata = before with
            {
                State = state | CtState.Tracked, Zone = request.Zone, Original = connection?.Key ?? key, Mark = 0,
                Label = 0, Found = request.Nat is null ? connection : null, IsReply = isReply,
                IsRelated = header.IsRelated,
            };
            return new TrackedPacket(
                frame, connection is null ? metadata : Marked(metadata, connection, request));
        }

        /// <summary>A packet that was translated is found as the one that it was before.</summary>
        private Connection? Lookup()
        {
            if (table.Find(IsTranslated ? key.Reversed : key) is not var (found, isOther)) return null;
            isReply = IsTranslated ? !isOther : isOther;
            if (IsTranslated) key = isReply ? found.Reply : found.Key;
            return found;
        }

        private bool Known(Connection connection)
        {
            if (Update(connection)) return true;
            if (request.Nat is null || connection.Nat == NatKind.Existing || IsTranslated) return false;
            frame = Translation.Applied(frame, connection, isReply, header.IsRelated);
            state |= Translation.State(connection, isReply);
            return false;
        }

        private bool Unknown(out Connection? connection)
        {
            connection = null;
            // Translated since, and by now not even found as what it was: by the key that it began with, perhaps.
            if (IsTranslated && request.Nat is null && before.Original is { } original
                && table.Find(original) is var (found, _))
            {
                connection = found;
                return Update(found);
            }

            if (!header.IsRelated) return true;
            state = CtState.Invalid;
            return false;
        }

        /// <summary>True when the packet may begin a connection in the place of this one.</summary>
        private bool Update(Connection connection)
        {
            var direction = isReply ? CtState.ReplyDirection : CtState.None;
            if (header.IsRelated)
            {
                state |= CtState.Related | direction;
                return false;
            }

            switch (connection.Progress.Update(header, isReply))
            {
                case ConnectionUpdate.Established:
                    state = (state | CtState.Established | direction) & ~CtState.New;
                    return false;
                case ConnectionUpdate.New:
                    state |= CtState.New;
                    return false;
                case ConnectionUpdate.Invalid:
                    state = CtState.Invalid;
                    return false;
                default:
                    table.Remove(connection);
                    return true;
            }
        }

        private Connection? Begin()
        {
            state = header.MayBegin ? CtState.New : CtState.Invalid;
            if (!header.MayBegin || !request.Commit) return null;
            var kind = request.Nat?.Kind ?? NatKind.Existing;
            var reply = kind == NatKind.Existing
                ? key.Reversed
                : Translation.Choose(key, request.Nat!, other => table.Find(other) is not null);
            if (reply is not { } chosen) return null;
            var connection = new Connection(key, chosen, kind, ConnectionProgress.Begin(header));
            table.Add(connection);
            if (kind == NatKind.Existing) return connection;
            frame = Translation.Applied(frame, connection, isReply: false, isRelated: false);
            state |= Translation.State(connection, isReply: false);
            return connection;
        }
    }
}
