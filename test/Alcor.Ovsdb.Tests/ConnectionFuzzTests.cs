using System.Text;

namespace Alcor.Ovsdb.Tests;

public sealed class ConnectionFuzzTests
{
    private static readonly string[] Messages =
    [
        """{"id":1,"result":["Things","_Server"],"error":null}""",
        """{"id":1,"result":null,"error":{"error":"syntax error","details":"x","syntax":"y"}}""",
        """{"id":"echo","method":"echo","params":["a",1.5]}""",
        """{"id":null,"method":"update","params":["monitor-1",{"Thing":{}}]}""",
        """{"id":null,"method":"update2","params":["monitor-1",{"Thing":{}}]}{"id":1,"result":[],"error":null}""",
    ];

    [Fact]
    public async Task Whatever_a_server_sends_ends_in_an_answer_or_in_an_error_of_this_library()
    {
        var random = Seed.For(nameof(Whatever_a_server_sends_ends_in_an_answer_or_in_an_error_of_this_library));
        var (answers, losses) = (0, 0);
        for (var i = 0; i < 2_000; i++)
        {
            var bytes = Generate.Mutate(random, Encoding.UTF8.GetBytes(Messages[random.Next(Messages.Length)]));
            await using var connection = OvsdbConnection.Start(
                new OneAnswerStream(bytes), new OvsdbConnectionOptions(TimeProvider.System));
            try
            {
                await connection.ListDatabasesAsync(TestContext.Current.CancellationToken);
                answers++;
            }
            catch (Exception error) when (error is OvsdbFormatException or OvsdbRemoteException)
            {
                answers++;
            }
            catch (OvsdbConnectionLostException)
            {
                losses++;
            }

            var loss = await connection.Lost.WaitAsync(TestContext.Current.CancellationToken);
            Assert.True(loss.InnerException is null or OvsdbFormatException, loss.ToString());
        }

        Assert.True(answers > 100 && losses > 100, $"{answers} answers and {losses} losses");
    }

    /// <summary>Says its bytes once something was written to it, and then ends.</summary>
    private sealed class OneAnswerStream(byte[] bytes) : MemoryStream(bytes)
    {
        private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await asked.Task.WaitAsync(cancellationToken);
            return await base.ReadAsync(buffer, cancellationToken);
        }

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            asked.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
