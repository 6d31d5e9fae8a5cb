using Alcor.Kernel.Store;

namespace Alcor.Storage.Sqlite;

/// <summary>
/// One call of <c>CommitAsync</c> on its way through the writer. Its links are encoded by the caller's thread.
/// </summary>
internal sealed class CommitCall
{
    private readonly TaskCompletionSource<IReadOnlyList<CommitResult>> answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Links[][] links;
    private readonly List<CommitResult> results;
    private Exception? broken;

    public CommitCall(IReadOnlyList<Transaction> transactions, int writes)
    {
        Transactions = transactions;
        Writes = writes;
        results = new List<CommitResult>(transactions.Count);
        links = new Links[transactions.Count][];
        for (var i = 0; i < links.Length; i++)
        {
            links[i] = new Links[transactions[i].Writes.Count];
            for (var j = 0; j < links[i].Length; j++)
                links[i][j] = Links.Of(transactions[i].Writes[j]);
        }
    }

    public IReadOnlyList<Transaction> Transactions { get; }

    public int Writes { get; }

    public IReadOnlyList<CommitResult> Results => results;

    public Task<IReadOnlyList<CommitResult>> Answer => answer.Task;

    /// <summary>Check, then apply, one transaction after the other.</summary>
    public void Run(WriterState state)
    {
        try
        {
            for (var i = 0; i < Transactions.Count; i++)
            {
                results.Add(CommitRules.Check(Transactions[i], state) is { } refusal
                    ? new CommitResult.Refused(refusal)
                    : state.Apply(Transactions[i], links[i]));
            }
        }
        catch (Kernel.InvariantException exception)
        {
            // The caller's mistake is the caller's alone: a check changes nothing, so the rest of the batch goes on.
            broken = exception;
        }
    }

    public void Complete()
    {
        if (broken is null)
            answer.TrySetResult(results);
        else
            answer.TrySetException(broken);
    }

    public void Fail(Exception exception) => answer.TrySetException(exception);
}
