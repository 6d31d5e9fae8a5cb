namespace Alcor.OpenFlow.Tests;

/// <summary>What a real switch does not do on demand: silence, nonsense, floods and dribbles.</summary>
public sealed class OpenFlowConnectionTests
{
    private static readonly OpenFlowConnectionOptions Options = OpenFlowConnectionOptions.Default;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_echo_request_is_answered_with_its_data()
    {
        var (peer, connection) = await FakePeer.GreetedAsync(Options, Token);
        await using (peer)
        await using (connection)
        {
            Assert.Equal(42UL, connection.Features.DatapathId);
            await peer.SendAsync(9, new OpenFlowMessage.EchoRequest([1, 2, 3]), Token);
            var reply = await peer.ReadAsync(Token);
            Assert.Equal((9u, new OpenFlowMessage.EchoReply([1, 2, 3])), (reply.TransactionId, reply.Message));
        }
    }

    [Fact]
    public async Task A_silent_switch_is_asked_and_then_given_up()
    {
        var options = Options with
        {
            KeepaliveInterval = TimeSpan.FromMilliseconds(50), KeepaliveTimeout = TimeSpan.FromSeconds(1),
        };
        var (peer, connection) = await FakePeer.GreetedAsync(options, Token);
        await using (peer)
        await using (connection)
        {
            var barrier = connection.BarrierAsync(Token);
            await peer.ReadAsync<OpenFlowMessage.BarrierRequest>(Token);
            await peer.ReadAsync<OpenFlowMessage.EchoRequest>(Token);
            var reason = await Assert.ThrowsAsync<OpenFlowConnectionException>(() => barrier);
            Assert.Contains("said nothing", reason.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<OpenFlowConnectionException>(() => connection.Completion);
        }
    }

    [Fact]
    public async Task What_is_not_OpenFlow_ends_the_connection()
    {
        var (peer, connection) = await FakePeer.GreetedAsync(Options, Token);
        await using (peer)
        await using (connection)
        {
            await peer.SendAsync("HTTP/1.1 400 Bad Request\r\n"u8.ToArray(), Token);
            // "TP" announces 21584 bytes, so the nonsense is seen only when as many have come.
            await peer.SendAsync(new byte[30_000], Token);
            var reason = await Assert.ThrowsAsync<OpenFlowConnectionException>(() => connection.Completion);
            Assert.IsType<OpenFlowFormatException>(reason.InnerException);
        }
    }

    [Fact]
    public async Task A_flood_of_packets_drops_the_oldest_and_counts()
    {
        var (peer, connection) = await FakePeer.GreetedAsync(Options with { PacketInCapacity = 10 }, Token);
        await using (peer)
        await using (connection)
        {
            for (ulong i = 0; i < 100; i++)
                await peer.SendAsync(0, new OpenFlowMessage.PacketIn(
                    new PacketInEvent(PacketInReason.Action, 0, i, Match.Empty, [])), Token);
            var barrier = connection.BarrierAsync(Token);
            await peer.SendAsync((await peer.ReadAsync(Token))
                .TransactionId, new OpenFlowMessage.BarrierReply(), Token);
            await barrier;
            Assert.Equal(90, connection.PacketInsDropped);
            Assert.Equal(90UL, (await connection.PacketIns.ReadAsync(Token)).Cookie);
        }
    }

    [Fact]
    public async Task A_reply_may_come_byte_by_byte_and_in_parts()
    {
        var (peer, connection) = await FakePeer.GreetedAsync(Options, Token);
        await using (peer)
        await using (connection)
        {
            var flows = Seed.For(nameof(A_reply_may_come_byte_by_byte_and_in_parts)).DistinctFlows(3);
            var dump = connection.DumpFlowsAsync(FlowFilter.Everything, Token);
            var transaction = (await peer.ReadAsync(Token)).TransactionId;
            for (var i = 0; i < flows.Count; i++)
            {
                var part = new OpenFlowMessage.FlowStatisticsReply([new FlowStatistics(flows[i], 0, 0, 0)], i < 2);
                foreach (
                    var one in OpenFlowCodec.Encode(new OpenFlowFrame(OpenFlowVersion.OpenFlow14, transaction, part)))
                    await peer.SendAsync([one], Token);
            }

            Assert.Equal(flows, (await dump).Select(entry => entry.Flow));
        }
    }

    [Fact]
    public async Task A_dump_beyond_its_limit_fails_and_the_connection_lives()
    {
        var (peer, connection) = await FakePeer.GreetedAsync(Options with { DumpFlowsMax = 1 }, Token);
        await using (peer)
        await using (connection)
        {
            var dump = connection.DumpFlowsAsync(FlowFilter.Everything, Token);
            var entry = new FlowStatistics(new Flow(0, 1, Match.Empty), 0, 0, 0);
            await peer.SendAsync((await peer.ReadAsync(Token)).TransactionId,
                new OpenFlowMessage.FlowStatisticsReply([entry, entry], false), Token);
            await Assert.ThrowsAsync<OpenFlowFormatException>(() => dump);
            var barrier = connection.BarrierAsync(Token);
            await peer.SendAsync((await peer.ReadAsync(Token))
                .TransactionId, new OpenFlowMessage.BarrierReply(), Token);
            await barrier;
        }
    }

    [Fact]
    public async Task A_peer_of_other_versions_is_refused()
    {
        var (peer, client) = await FakePeer.PairAsync(Token);
        await using (peer)
        {
            var connecting = OpenFlowConnection.StartAsync(client, Options, Token);
            await peer.SendAsync(1, new OpenFlowMessage.Hello(1 << 1 | 1 << 6), Token);
            await Assert.ThrowsAsync<OpenFlowConnectionException>(() => connecting);
        }
    }

    [Fact]
    public async Task Closing_fails_what_is_under_way_but_is_no_loss()
    {
        var (peer, connection) = await FakePeer.GreetedAsync(Options, Token);
        await using (peer)
        {
            var barrier = connection.BarrierAsync(Token);
            await connection.DisposeAsync();
            await Assert.ThrowsAsync<OpenFlowConnectionException>(() => barrier);
            await connection.Completion;
            await Assert.ThrowsAsync<OpenFlowConnectionException>(() => connection.BarrierAsync(Token));
        }
    }
}
